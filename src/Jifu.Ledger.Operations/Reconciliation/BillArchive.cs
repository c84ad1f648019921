using System.Security.Cryptography;
using Dapper;
using Jifu.Ledger.Channels;
using Npgsql;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>A file as it was brought or fetched.</summary>
/// <param name="ImportedBy">The key or job that brought it first.</param>
public sealed record KeptFile(
    string Sha256, string FileName, ReadOnlyMemory<byte> Content, string ImportedBy, DateTimeOffset ImportedAt);

/// <summary>Keeps the bytes of every file that was imported (trade bills, fund flows, statements), under their SHA-256,
/// with who brought it first and when. Nothing in it is ever changed or lost.</summary>
public sealed class BillArchive(NpgsqlDataSource database)
{
    public static string Sha256Of(ReadOnlyMemory<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(content.Span));

    /// <summary>Keeps a channel's file; the same bytes once.</summary>
    public Task Keep(
        Channel channel, BusinessDay day, ChannelBillFile bill, string actor, CancellationToken cancellation) =>
        Keep(channel.Name(), day, null, bill, actor, cancellation);

    /// <summary>Keeps a statement of a bank account; the same bytes once.</summary>
    public Task KeepStatement(
        string account, ChannelBillFile statement, string actor, CancellationToken cancellation) =>
        Keep(null, null, account, statement, actor, cancellation);

    /// <summary>The file with this SHA-256; null when there is none.</summary>
    public async Task<KeptFile?> Find(string sha256, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<(string Name, byte[] Content, string By, DateTime At)>(
            new(
                "SELECT file_name, content, imported_by, imported_at FROM files.bill WHERE sha256 = @sha256",
                new { sha256 }, cancellationToken: cancellation));
        return row.Content is null
            ? null
            : new(sha256, row.Name, row.Content, row.By, new(DateTime.SpecifyKind(row.At, DateTimeKind.Utc)));
    }

    private async Task Keep(
        string? channel, BusinessDay? day, string? account, ChannelBillFile file, string actor,
        CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new(
            """
            INSERT INTO files.bill (sha256, channel, day, account, file_name, content, imported_by)
            VALUES (@sha256, @channel, @day, @account, @name, @content, @actor) ON CONFLICT (sha256) DO NOTHING
            """,
            new
            {
                sha256 = Sha256Of(file.Content), channel, day = day?.Date, account, name = file.FileName,
                content = file.Content.ToArray(), actor,
            },
            cancellationToken: cancellation));
    }
}
