using System.Security.Cryptography;
using Dapper;
using Jifu.Ledger.Channels;
using Npgsql;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>Keeps the bytes of every bill that was imported, under their SHA-256, with who brought it and
/// when.</summary>
public sealed class BillArchive(NpgsqlDataSource database)
{
    public static string Sha256Of(ReadOnlyMemory<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(content.Span));

    /// <summary>Keeps a bill; the same bytes once.</summary>
    public async Task Keep(
        Channel channel, BusinessDay day, ChannelBillFile bill, string actor, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.ExecuteAsync(new(
            """
            INSERT INTO files.bill (sha256, channel, day, file_name, content, imported_by)
            VALUES (@sha256, @channel, @day, @name, @content, @actor) ON CONFLICT (sha256) DO NOTHING
            """,
            new
            {
                sha256 = Sha256Of(bill.Content), channel = channel.Name(), day = day.Date, name = bill.FileName,
                content = bill.Content.ToArray(), actor,
            },
            cancellationToken: cancellation));
    }

    /// <summary>The bill with this SHA-256; null when there is none.</summary>
    public async Task<ChannelBillFile?> Find(string sha256, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var row = await connection.QuerySingleOrDefaultAsync<(string Name, byte[] Content)>(new(
            "SELECT file_name, content FROM files.bill WHERE sha256 = @sha256", new { sha256 },
            cancellationToken: cancellation));
        return row.Content is null ? null : new(row.Name, row.Content);
    }
}
