using Npgsql;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>A notice that this process is sending, until its lease lapses.</summary>
internal sealed record LeasedNotice(
    string Id, MerchantId Merchant, string Url, byte[] Body, int Tries, DateTimeOffset LeasedUntil);

/// <summary>Hands out due notices, each to one sender, and writes down what came of them.</summary>
internal sealed class NoticeLease(NpgsqlDataSource database)
{
    // Longer than an attempt can take; who dies in the middle leaves the notice to the next after this.
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>Takes notices that are due, the longest waiting first, and no more of one merchant than it may have
    /// under way.</summary>
    /// <param name="underWay">How many of each merchant this process is sending already.</param>
    /// <param name="eachMax">The most of one merchant at once.</param>
    /// <param name="countMax">The most to take now.</param>
    /// <param name="now">By the system's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task<List<LeasedNotice>> Take(
        IReadOnlyDictionary<string, int> underWay, int eachMax, int countMax, DateTimeOffset now,
        CancellationToken cancellation)
    {
        await using var take = database.CreateCommand(
            """
            WITH busy AS (SELECT * FROM unnest(@merchants, @counts) AS busy (merchant_id, count)),
            due AS (
                SELECT id, merchant_id, next_try_at FROM notices.notice
                WHERE status = 'waiting' AND next_try_at <= @now AND (leased_until IS NULL OR leased_until <= @now)
                    AND merchant_id NOT IN (SELECT merchant_id FROM busy WHERE count >= @eachMax)
                ORDER BY next_try_at LIMIT 500 FOR UPDATE SKIP LOCKED),
            ranked AS (
                SELECT id, merchant_id, next_try_at,
                    row_number() OVER (PARTITION BY merchant_id ORDER BY next_try_at) AS turn
                FROM due),
            fair AS (
                SELECT id FROM ranked LEFT JOIN busy USING (merchant_id)
                WHERE turn <= @eachMax - coalesce(count, 0)
                ORDER BY turn, next_try_at LIMIT @countMax)
            UPDATE notices.notice n SET leased_until = @until FROM fair WHERE n.id = fair.id
            RETURNING n.id, n.merchant_id, n.url, n.body, n.tries, n.leased_until
            """);
        take.Parameters.AddRange(new NpgsqlParameter[]
        {
            new("merchants", underWay.Keys.ToArray()), new("counts", underWay.Values.ToArray()),
            new("eachMax", eachMax), new("countMax", countMax),
            new("now", now.ToUniversalTime()), new("until", now.ToUniversalTime() + Length),
        });
        var taken = new List<LeasedNotice>();
        await using var rows = await take.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
            taken.Add(new(
                rows.GetString(0), new(rows.GetString(1)), rows.GetString(2), rows.GetFieldValue<byte[]>(3),
                rows.GetInt32(4), rows.GetFieldValue<DateTimeOffset>(5)));
        return taken;
    }

    /// <summary>Writes an attempt down and ends the lease. Does nothing when the lease has gone to another.</summary>
    public async Task Settle(
        LeasedNotice notice, NoticeAnswer answer, (NoticeStatus Status, DateTimeOffset? NextTryAt) outcome,
        DateTimeOffset now, CancellationToken cancellation)
    {
        await using var settle = database.CreateCommand(
            """
            WITH settled AS (
                UPDATE notices.notice
                SET status = @status, next_try_at = @next, tries = tries + 1, leased_until = NULL
                WHERE id = @id AND leased_until = @lease
                RETURNING id)
            INSERT INTO notices.attempt (notice_id, no, at, status_code, excerpt, error)
            SELECT id, (SELECT count(*) + 1 FROM notices.attempt WHERE notice_id = @id), @at, @code, @excerpt, @error
            FROM settled
            """);
        settle.Parameters.AddRange(new NpgsqlParameter[]
        {
            new("id", notice.Id), new("lease", notice.LeasedUntil), new("at", now.ToUniversalTime()),
            new("status", SnakeCase.Of($"{outcome.Status}")),
            Optional("next", outcome.NextTryAt?.ToUniversalTime(), NpgsqlTypes.NpgsqlDbType.TimestampTz),
            Optional("code", answer.StatusCode, NpgsqlTypes.NpgsqlDbType.Integer),
            Optional("excerpt", answer.Excerpt, NpgsqlTypes.NpgsqlDbType.Text),
            Optional("error", answer.Error, NpgsqlTypes.NpgsqlDbType.Text),
        });
        await settle.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlParameter Optional(string name, object? value, NpgsqlTypes.NpgsqlDbType type) =>
        new(name, type) { Value = value ?? DBNull.Value };
}
