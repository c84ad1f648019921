using Jifu.Ledger.EventLog.Evidence;
using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>A checkpoint's row.</summary>
/// <param name="Peaks">What the tree over all batches goes on from.</param>
/// <param name="Body">The checkpoint as text, signature included.</param>
public sealed record CheckpointRow(long Position, long Batches, byte[] Peaks, string Body);

/// <summary>The checkpoints and public keys that the database keeps.</summary>
public sealed class CheckpointBook(NpgsqlDataSource source)
{
    private const string Columns = "position, batches, peaks, body";

    /// <summary>The one of the highest position; null before the first.</summary>
    public async Task<CheckpointRow?> Newest(CancellationToken cancellation)
    {
        var rows = await Read(
            $"SELECT {Columns} FROM log.checkpoints ORDER BY position DESC, number DESC LIMIT 1", cancellation);
        return rows is [var newest] ? newest : null;
    }

    /// <summary>The newest so many, newest first.</summary>
    public Task<IReadOnlyList<CheckpointRow>> Latest(int countMax, CancellationToken cancellation) =>
        Read($"SELECT {Columns} FROM log.checkpoints ORDER BY number DESC LIMIT $1", cancellation, countMax);

    /// <summary>All between two positions, both included, oldest first.</summary>
    public Task<IReadOnlyList<CheckpointRow>> Between(long first, long last, CancellationToken cancellation) => Read(
        $"SELECT {Columns} FROM log.checkpoints WHERE position BETWEEN $1 AND $2 ORDER BY number", cancellation,
        first, last);

    /// <summary>Keeps a checkpoint, and the key that signed it.</summary>
    public async Task Add(
        SignedCheckpoint signed, ReadOnlyMemory<byte> peaks, EvidenceKey key, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(signed);
        ArgumentNullException.ThrowIfNull(key);
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new("""
            INSERT INTO log.checkpoint_keys (key_id, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING
            """) { Parameters = { new() { Value = key.Id }, new() { Value = key.Pem } } });
        batch.BatchCommands.Add(new("""
            INSERT INTO log.checkpoints (position, batches, peaks, body) VALUES ($1, $2, $3, $4)
            """)
        {
            Parameters =
            {
                new() { Value = signed.Checkpoint.Position }, new() { Value = signed.Checkpoint.Batches },
                new() { Value = peaks.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea }, new() { Value = $"{signed}" },
            },
        });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Every public key that ever signed; a key that cannot be read is left out.</summary>
    public async Task<IReadOnlyList<EvidenceKey>> Keys(CancellationToken cancellation)
    {
        var keys = new List<EvidenceKey>();
        await using var command = source.CreateCommand("SELECT public_key FROM log.checkpoint_keys ORDER BY key_id");
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
        {
            try
            {
                keys.AddRange(EvidenceKey.ReadAll(reader.GetString(0)));
            }
            catch (FormatException)
            {
                // Nothing is lost: no key is believed because it stands here.
            }
        }

        return keys;
    }

    private async Task<IReadOnlyList<CheckpointRow>> Read(
        string sql, CancellationToken cancellation, params object[] parameters)
    {
#pragma warning disable CA2100 // The constants above.
        await using var command = source.CreateCommand(sql);
#pragma warning restore CA2100
        foreach (var value in parameters)
            command.Parameters.Add(new() { Value = value });
        var rows = new List<CheckpointRow>();
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            rows.Add(new(
                reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetString(3)));
        return rows;
    }
}
