using Npgsql;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Writes the notices of one page of the log together with the checkpoint, so that no event is told twice or
/// not at all.</summary>
internal static class NoticePage
{
    public static async Task<long> Checkpoint(NpgsqlDataSource database, CancellationToken cancellation)
    {
        await using var read = database.CreateCommand("SELECT position FROM notices.checkpoint");
        return (long)(await read.ExecuteScalarAsync(cancellation))!;
    }

    /// <returns>False when another process had moved the checkpoint; then nothing was written.</returns>
    public static async Task<bool> TryWrite(
        NpgsqlDataSource database, long from, long to, List<Notice> notices, DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);

        // A page lost in a crash is made again: its rows and its checkpoint go together, and the log has the events.
        await using var move = new NpgsqlBatch(connection, transaction)
        {
            BatchCommands =
            {
                new("SET LOCAL synchronous_commit = off"),
                new("UPDATE notices.checkpoint SET position = @to WHERE position = @from")
                {
                    Parameters = { new("to", to), new("from", from) },
                },
            },
        };
        await move.ExecuteNonQueryAsync(cancellation);
        if (move.BatchCommands[1].RecordsAffected != 1)
            return false;
        if (notices.Count > 0)
            await Insert(connection, notices, now, cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    private static async Task Insert(
        NpgsqlConnection connection, List<Notice> notices, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO notices.notice (
                id, merchant_id, url, type, payment_id, refund_no, body, position, created_at, status, tries,
                next_try_at)
            SELECT *, 'waiting', 0, @now FROM unnest(
                @ids, @merchants, @urls, @types, @payments, @refunds, @bodies, @positions, @createds)
            """, connection);
        insert.Parameters.AddRange(new NpgsqlParameter[]
        {
            new("ids", notices.ConvertAll(n => n.Id)),
            new("merchants", notices.ConvertAll(n => n.Merchant.Value)),
            new("urls", notices.ConvertAll(n => n.Url)),
            new("types", notices.ConvertAll(n => n.Type)),
            new("payments", notices.ConvertAll(n => n.Payment.Value)),
            new("refunds", notices.ConvertAll(n => n.Refund?.Value)),
            new("bodies", notices.ConvertAll(n => n.Body.ToArray())),
            new("positions", notices.ConvertAll(n => n.Position)),
            new("createds", notices.ConvertAll(n => n.CreatedAt.ToUniversalTime())),
            new("now", now.ToUniversalTime()),
        });
        await insert.ExecuteNonQueryAsync(cancellation);
    }
}
