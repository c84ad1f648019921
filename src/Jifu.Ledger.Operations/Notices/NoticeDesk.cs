using Npgsql;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>One notice as merchants and operators look it up. Moments are UTC, by the system's clock but for
/// <paramref name="CreatedAt"/>, which is when the log recorded the event.</summary>
/// <param name="NextTryAt">Null unless it is waiting.</param>
/// <param name="Attempts">From first to last.</param>
public sealed record NoticeRow(
    string Id, MerchantId Merchant, string Url, string Type, PaymentId Payment, RefundId? Refund,
    DateTimeOffset CreatedAt, NoticeStatus Status, DateTimeOffset? NextTryAt,
    IReadOnlyList<NoticeAttempt> Attempts);

/// <summary>One attempt to deliver a notice.</summary>
/// <param name="No">1, 2, 3 … of the notice.</param>
/// <param name="At">When it ended, UTC, by the system's clock.</param>
/// <param name="StatusCode">Of the merchant's answer; null when none came.</param>
/// <param name="Excerpt">How the answer's body begins, at most 500 characters.</param>
/// <param name="Error">Why none came, or why it did not count: a stable code; null for an answer like any
/// other.</param>
public sealed record NoticeAttempt(int No, DateTimeOffset At, int? StatusCode, string? Excerpt, string? Error);

/// <summary>Looks notices up, and has them sent again.</summary>
public sealed class NoticeDesk(NpgsqlDataSource database)
{
    /// <summary>All notices of a payment and its refunds, in the order of their events.</summary>
    public Task<IReadOnlyList<NoticeRow>> OfPayment(PaymentId payment, CancellationToken cancellation) =>
        List("payment_id = @key", payment.Value, cancellation);

    /// <summary>One notice; null when there is none of that id.</summary>
    public async Task<NoticeRow?> Find(string id, CancellationToken cancellation) =>
        (await List("id = @key", id, cancellation)).SingleOrDefault();

    /// <summary>Sends a notice again as soon as may be, whatever became of it, with all its retries before it; the
    /// same bytes under the same id.</summary>
    /// <param name="id">The notice.</param>
    /// <param name="now">By the system's clock.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>False when there is no such notice.</returns>
    public async Task<bool> Resend(string id, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var resend = database.CreateCommand(
            "UPDATE notices.notice SET status = 'waiting', tries = 0, next_try_at = @now WHERE id = @id");
        resend.Parameters.AddWithValue("id", id);
        resend.Parameters.AddWithValue("now", now.ToUniversalTime());
        return await resend.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private async Task<IReadOnlyList<NoticeRow>> List(string condition, string key, CancellationToken cancellation)
    {
#pragma warning disable CA2100 // The condition is one of the two constants above.
        await using var select = database.CreateCommand(
            $"""
            SELECT id, merchant_id, url, type, payment_id, refund_no, created_at, status, next_try_at,
                no, at, status_code, excerpt, error
            FROM notices.notice LEFT JOIN notices.attempt ON notice_id = id
            WHERE {condition} ORDER BY position, no
            """);
#pragma warning restore CA2100
        select.Parameters.AddWithValue("key", key);
        var notices = new List<NoticeRow>();
        var attempts = new List<NoticeAttempt>();
        await using var rows = await select.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            if (notices.Count == 0 || notices[^1].Id != rows.GetString(0))
            {
                attempts = [];
                notices.Add(Row(rows, attempts));
            }

            if (!await rows.IsDBNullAsync(9, cancellation))
                attempts.Add(Attempt(rows));
        }

        return notices;
    }

    private static NoticeRow Row(NpgsqlDataReader row, List<NoticeAttempt> attempts) => new(
        row.GetString(0), new(row.GetString(1)), row.GetString(2), row.GetString(3), new(row.GetString(4)),
        Text(row, 5) is { } refund ? new RefundId(refund) : null, row.GetFieldValue<DateTimeOffset>(6),
        Enum.Parse<NoticeStatus>(row.GetString(7).Replace("_", "", StringComparison.Ordinal), ignoreCase: true),
        row.GetFieldValue<DateTimeOffset?>(8), attempts);

    private static NoticeAttempt Attempt(NpgsqlDataReader row) => new(
        row.GetInt32(9), row.GetFieldValue<DateTimeOffset>(10), row.IsDBNull(11) ? null : row.GetInt32(11),
        Text(row, 12), Text(row, 13));

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);
}
