using Jifu.Ledger.ReadModels.Statements;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>One thing that keeps a business day from being closed.</summary>
public sealed record OpenEnd
{
    /// <summary>A stable name, such as <c>bill_not_reconciled</c>.</summary>
    public required string Reason { get; init; }

    /// <summary>The channel it waits for; empty when it is none's.</summary>
    public required string Channel { get; init; }

    public required BusinessDay Day { get; init; }

    public override string ToString() => $"{Day} {Reason} {Channel}".TrimEnd();
}

/// <summary>Looks up what is still open on a business day or before it.</summary>
public sealed class OpenEndQueries(ViewDatabase views)
{
    /// <summary>None when nothing that counts on the day, or on an earlier one, can change any more.</summary>
    /// <remarks>What a batch carries forward waits for the next day's batch and keeps nothing open. A bill that nets to
    /// nothing brings no funds; nor does one whose money is expected by withdrawals, which count on the day on which
    /// they are seen at the bank. What only a correction of a closed day brings keeps open the day on which that came,
    /// and not its own. A line that counts on a later day keeps its bill's day no longer from being closed: it may come
    /// when that day is closed.</remarks>
    public Task<IReadOnlyList<OpenEnd>> UpTo(BusinessDay day, CancellationToken cancellation) => views.List<OpenEnd>(
        $"""
        WITH RECURSIVE bill (channel, day) AS (
            (SELECT channel, channel_day FROM views.channel_line ORDER BY channel, channel_day LIMIT 1)
            UNION ALL
            SELECT n.channel, n.channel_day FROM bill b CROSS JOIN LATERAL (
                SELECT l.channel, l.channel_day FROM views.channel_line l
                WHERE (l.channel, l.channel_day) > (b.channel, b.day) ORDER BY 1, 2 LIMIT 1) n)
        SELECT 'items_not_cleared' AS reason, channel, business_day AS day FROM views.clearing_waiting
        WHERE business_day <= @day AND NOT carried
        UNION SELECT 'batch_not_closed', channel, day FROM views.clearing_batch WHERE status = 'open' AND day <= @day
        UNION SELECT 'settlement_not_ordered', b.channel, b.day
        FROM views.clearing_batch b JOIN views.clearing_position p USING (batch_id)
        WHERE b.day = @day AND p.payable_minor > 0 AND NOT EXISTS (
            SELECT FROM views.settlement s WHERE s.day = @day AND s.batch_id = p.batch_id
                AND s.merchant_id = p.merchant_id AND s.currency = p.currency)
        UNION SELECT 'bill_not_reconciled', b.channel, b.day
        FROM bill b LEFT JOIN views.reconciliation r USING (channel, day)
        WHERE b.day <= @day AND r.status IS DISTINCT FROM 'completed' AND EXISTS (
            SELECT FROM views.channel_line l
            WHERE l.channel = b.channel AND l.channel_day = b.day AND l.business_day <= @day)
        UNION SELECT 'bill_not_reconciled', channel, day FROM views.reconciliation
        WHERE booked_on <= @day AND status <> 'completed'
        UNION SELECT 'funds_not_received', channel, day FROM views.reconciliation r
        WHERE due_on <= @day AND status = 'completed' AND {WithdrawalSql.IsUnpaid}
            AND NOT {WithdrawalSql.IsByWithdrawals}
        UNION SELECT 'views_apart', '', @day::date FROM views.checkpoint HAVING min(position) < max(position)
        ORDER BY 3, 1, 2
        """,
        new { day = day.Date }, cancellation);
}
