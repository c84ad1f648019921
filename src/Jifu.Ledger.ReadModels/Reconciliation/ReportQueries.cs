using Jifu.Ledger.ReadModels.Channels;

namespace Jifu.Ledger.ReadModels.Reconciliation;

/// <summary>What a channel's bill of a day should hold, summed up; amounts in minor units, positive.</summary>
/// <param name="RefundedMinor">Refunds and revocations.</param>
/// <param name="FeeMinor">Charged less given back.</param>
public sealed record ExpectedSums(
    long Rows, long PaymentRows, long RefundRows, long PaidMinor, long RefundedMinor, long FeeMinor);

/// <summary>The bills of one day, of all channels together.</summary>
public sealed record BilledDay(BusinessDay Day, long BillRows, long Matched);

/// <summary>The differences of one day and class.</summary>
/// <param name="GrossMinor">Amounts whichever way they go.</param>
public sealed record DifferenceSums(BusinessDay Day, string Class, long Count, long ExcessMinor, long GrossMinor);

/// <summary>What else we know of a number that a bill tells.</summary>
/// <param name="Key">Kind and number: <c>payment:p17</c>.</param>
public sealed record KnownLine(string Key, string? Merchant, string? Reference, DateTimeOffset? At);

/// <summary>Whose a line of ours is.</summary>
/// <param name="Key">Kind and number: <c>payment:p17</c>.</param>
public sealed record OwnerRow(string Key, string Merchant);

/// <summary>What people proposed that was then done.</summary>
public sealed record ProposalRow(string DifferenceId, string Reason, string By);

/// <summary>Reads what reports on reconciliations show.</summary>
public sealed class ReportQueries(ViewDatabase views)
{
    /// <summary>The day's bills that were compared to the end, by channel.</summary>
    public Task<IReadOnlyList<ReconciliationRow>> Completed(BusinessDay day, CancellationToken cancellation) =>
        views.List<ReconciliationRow>(
            "SELECT * FROM views.reconciliation WHERE day = @day AND status = 'completed' ORDER BY channel",
            new { day = day.Date }, cancellation);

    /// <summary>What a channel's bill of the day should hold, by the channel's clock.</summary>
    public Task<ExpectedSums?> Expected(string channel, BusinessDay day, CancellationToken cancellation) =>
        views.One<ExpectedSums>(
            """
            SELECT count(*) AS rows, count(*) FILTER (WHERE kind = 'payment') AS payment_rows,
                count(*) FILTER (WHERE kind <> 'payment') AS refund_rows,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'payment'), 0)::bigint AS paid_minor,
                coalesce(sum(amount_minor) FILTER (WHERE kind <> 'payment'), 0)::bigint AS refunded_minor,
                coalesce(sum(fee_minor), 0)::bigint AS fee_minor
            FROM views.channel_line WHERE channel = @channel AND channel_day = @day
            """,
            new { channel, day = day.Date }, cancellation);

    /// <summary>The same line by line, in the order in which we learnt of them.</summary>
    public IAsyncEnumerable<ChannelLineRow> ExpectedLines(
        string channel, BusinessDay day, CancellationToken cancellation) => views.Rows<ChannelLineRow>(
        "SELECT * FROM views.channel_line WHERE channel = @channel AND channel_day = @day ORDER BY position",
        new { channel, day = day.Date }, cancellation);

    /// <summary>Whose these numbers are, by our line or else by our payment, which may not have succeeded.</summary>
    public Task<IReadOnlyList<KnownLine>> Known(
        string channel, IEnumerable<string> keys, CancellationToken cancellation) => views.List<KnownLine>(
        """
        SELECT k.key, coalesce(l.merchant_id, p.merchant_id) AS merchant,
            coalesce(l.channel_refund_reference, l.channel_reference) AS reference, l.at
        FROM unnest(@keys) AS k (key)
        LEFT JOIN views.channel_line l ON l.channel = @channel AND l.kind = split_part(k.key, ':', 1)
            AND l.number = split_part(k.key, ':', 2)
        LEFT JOIN views.payment p ON p.payment_id = split_part(split_part(k.key, ':', 2), '.', 1)
        WHERE l.number IS NOT NULL OR p.payment_id IS NOT NULL
        """,
        new { channel, keys = keys.Distinct().ToArray() }, cancellation);

    /// <summary>Whose the lines of ours with these numbers are.</summary>
    public Task<IReadOnlyList<OwnerRow>> Owners(
        string channel, IEnumerable<string> numbers, CancellationToken cancellation) => views.List<OwnerRow>(
        """
        SELECT kind || ':' || number AS key, merchant_id AS merchant FROM views.channel_line
        WHERE channel = @channel AND kind IN ('payment', 'refund', 'revoke') AND number = ANY (@numbers)
        """,
        new { channel, numbers = numbers.ToArray() }, cancellation);

    /// <summary>By what people have closed the differences of a day: the last proposal before each closing.</summary>
    public Task<IReadOnlyList<ProposalRow>> Proposals(BusinessDay day, CancellationToken cancellation) =>
        views.List<ProposalRow>(
            """
            SELECT DISTINCT ON (d.difference_id) d.difference_id, s.detail AS reason, s.actor AS by
            FROM views.difference_life d JOIN views.difference_step s USING (difference_id)
            WHERE d.day = @day AND d.closed_by = 'people' AND s.step = 'proposed' AND s.position < d.closed_position
            ORDER BY d.difference_id, s.position DESC
            """,
            new { day = day.Date }, cancellation);

    /// <summary>The bills of each day that has one.</summary>
    public Task<IReadOnlyList<BilledDay>> Billed(
        DateOnly from, DateOnly to, CancellationToken cancellation) => views.List<BilledDay>(
        """
        SELECT day, sum(bill_rows)::bigint AS bill_rows, sum(matched)::bigint AS matched FROM views.reconciliation
        WHERE day BETWEEN @from AND @to AND status = 'completed' GROUP BY day ORDER BY day
        """,
        new { from, to }, cancellation);

    /// <summary>The differences of each day and class that no corrected bill has taken back.</summary>
    public Task<IReadOnlyList<DifferenceSums>> Differences(
        DateOnly from, DateOnly to, CancellationToken cancellation) => views.List<DifferenceSums>(
        """
        SELECT day, class, count(*) AS count, sum(excess_minor)::bigint AS excess_minor,
            sum(abs(excess_minor))::bigint AS gross_minor
        FROM views.difference WHERE day BETWEEN @from AND @to AND taken_back_on IS NULL
        GROUP BY day, class ORDER BY day, class
        """,
        new { from, to }, cancellation);

    /// <summary>What still needs somebody, of each day up to one and of whichever class; what is left of it, or held.
    /// </summary>
    public Task<IReadOnlyList<DifferenceSums>> Open(BusinessDay until, CancellationToken cancellation) =>
        views.List<DifferenceSums>(
            """
            SELECT day, '' AS class, count(*) AS count, sum(minor)::bigint AS excess_minor,
                sum(abs(minor))::bigint AS gross_minor
            FROM (SELECT *, CASE status WHEN 'held' THEN held_minor ELSE left_minor END AS minor
                FROM views.difference_life) AS one
            WHERE day <= @until AND found AND status NOT IN ('closed', 'undone')
            GROUP BY day ORDER BY day
            """,
            new { until = until.Date }, cancellation);
}
