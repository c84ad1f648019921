using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>A difference that was met by another, while the other was not met by it.</summary>
public sealed record HalfMetRow
{
    public required string DifferenceId { get; init; }

    /// <summary>What it was met with: <c>difference d0a1…</c>, <c>refund R-5 of difference d0a1…</c>,
    /// <c>payment:p17</c>.</summary>
    public required string MetWith { get; init; }

    /// <summary>The id of that difference, or the key of the line.</summary>
    public required string Other { get; init; }
}

/// <summary>Looks up what may meet a channel's open differences.</summary>
public sealed class ArrivalQueries(ViewDatabase views)
{
    /// <summary>All that has money in suspense or waits for somebody, the oldest first; holds too.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> Live(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT d.*, EXISTS (SELECT FROM views.difference_step s
                WHERE s.difference_id = d.difference_id AND s.step = 'matched') AS was_matched,
                p.status AS order_status, r.status AS refund_status
            FROM views.difference_life d
            LEFT JOIN views.payment p ON p.payment_id = split_part(split_part(d.key, ':', 2), '.', 1)
            LEFT JOIN views.refund r ON r.payment_id = p.payment_id
                AND d.key = 'refund:' || r.payment_id || '.' || r.refund_no
            WHERE d.channel = @channel AND d.found AND d.status NOT IN ('closed', 'undone')
            ORDER BY d.day, d.difference_id
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Lives that do not know yet that their finding was taken back, or that they were found again.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> Outdated(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT * FROM views.difference_life
            WHERE channel = @channel AND life_position IS NOT NULL
                AND (found AND life_position < found_position OR NOT found AND status <> 'undone')
            ORDER BY day, difference_id
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>What was closed, or lowered, by what a difference stood for, whatever came of it since: its own stream
    /// tells whether it still is.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> ClosedWith(
        Channel channel, string id, CancellationToken cancellation) => views.List<DifferenceLifeRow>(
        """
        SELECT * FROM views.difference_life
        WHERE channel = @channel AND difference_id <> @id AND (closed_with LIKE '%' || @id || '%'
            OR difference_id IN (SELECT difference_id FROM views.difference_step
                WHERE step = 'met' AND split_part(detail, ' ', -1) = @id))
        """,
        new { channel = channel.Name(), id }, cancellation);

    /// <summary>Differences that a rule has taken into a group of which others are closed, and they are not: a run was
    /// killed between them, or people have taken them out of it, which their own streams tell.
    /// <see cref="DifferenceLifeRow.ClosedWith"/>, rule and version are those of the group.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> HalfMatched(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT DISTINCT ON (d.difference_id, o.closed_with, o.rule, o.rule_version) d.difference_id, d.channel,
                d.day, d.class, d.key, d.field, d.theirs, d.ours, d.currency, d.excess_minor, d.left_minor,
                d.held_minor, d.found_position, d.found, d.status, d.version, d.refund_owed_minor, o.closed_with,
                o.rule, o.rule_version
            FROM views.difference_life o
            JOIN views.difference_life d ON d.difference_id = ANY (string_to_array(o.closed_with, ' '))
            WHERE o.channel = @channel AND o.closed_by = 'rule' AND o.status = 'closed' AND o.found
                AND o.closed_with LIKE '% %' AND NOT (d.found AND d.status = 'closed' AND d.closed_by = 'rule'
                    AND d.closed_with = o.closed_with AND d.rule = o.rule AND d.rule_version = o.rule_version)
            ORDER BY d.difference_id, o.closed_with, o.rule, o.rule_version
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Differences that were met by another which it has not met, because a run was killed between the two or
    /// somebody came before it; rows of a bill that a refund has met which does not stand any more, or a late line
    /// of ours that a corrected bill of its own day was compared with since. Their streams tell whether it is still
    /// so.</summary>
    public Task<IReadOnlyList<HalfMetRow>> HalfMet(Channel channel, CancellationToken cancellation) =>
        views.List<HalfMetRow>(
            """
            SELECT DISTINCT o.difference_id, s.detail AS met_with, d.difference_id AS other
            FROM views.difference_step s
            JOIN views.difference_life o ON o.difference_id = s.difference_id AND o.found
                AND s.position > o.since_position
            JOIN views.difference_life d ON d.difference_id = split_part(s.detail, ' ', -1) AND d.found
            WHERE s.channel = @channel AND s.step = 'met' AND s.detail LIKE 'difference %'
                AND NOT EXISTS (SELECT FROM views.difference_step m
                    WHERE m.step = 'met' AND m.difference_id = d.difference_id AND m.position > d.since_position
                        AND m.detail = 'difference ' || o.difference_id)
            UNION
            SELECT o.difference_id, s.detail, d.difference_id FROM views.difference_step s
            JOIN views.difference_life o ON o.difference_id = s.difference_id AND o.found
                AND s.position > o.since_position
            JOIN views.difference_life d ON d.difference_id = split_part(s.detail, ' ', -1)
            WHERE s.channel = @channel AND s.step = 'met' AND s.detail LIKE 'refund %' AND (d.status <> 'closed'
                OR s.detail IS DISTINCT FROM 'refund ' || d.refund_number || ' of difference ' || d.difference_id)
            UNION
            SELECT o.difference_id, s.detail, s.detail FROM views.difference_step s
            JOIN views.difference_life o ON o.difference_id = s.difference_id AND o.found
                AND s.position > o.since_position AND o.key = s.detail
            JOIN views.channel_line l ON l.channel = o.channel AND l.kind = split_part(o.key, ':', 1)
                AND l.number = substr(o.key, strpos(o.key, ':') + 1) AND l.channel_day <> o.day
            JOIN views.bill_import i ON i.channel = l.channel AND i.day = l.channel_day AND i.kind = 'trade'
                AND i.superseded_at IS NULL AND i.position > s.position
            WHERE s.channel = @channel AND s.step = 'met'
            ORDER BY difference_id, other
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Our lines that no comparison has had and nothing has met, each with the one of these differences that
    /// it meets: that of its own day, which shows that its comparison lacked the line, or else the oldest whose own day
    /// was compared before the line was booked.</summary>
    /// <param name="open">The ids of differences that only the channel has.</param>
    public async Task<IReadOnlyList<LateLine>> LateLines(
        Channel channel, IReadOnlyList<string> open, CancellationToken cancellation)
    {
        var rows = await views.List<LineNet>(
            """
            SELECT DISTINCT ON (d.key) d.difference_id, l.currency,
                CASE l.kind WHEN 'payment' THEN l.amount_minor ELSE -l.amount_minor END - l.fee_minor AS net_minor
            FROM views.difference_life d
            JOIN views.channel_line l ON l.channel = d.channel AND l.kind = split_part(d.key, ':', 1)
                AND l.number = substr(d.key, strpos(d.key, ':') + 1)
            LEFT JOIN views.difference_life own ON own.channel = d.channel AND own.key = d.key
                AND own.class = d.class AND own.day = l.channel_day AND own.found
            WHERE d.channel = @channel AND d.difference_id = ANY (@open)
                AND (own.difference_id = d.difference_id OR (own.difference_id IS NULL AND EXISTS (
                    SELECT FROM views.bill_import i WHERE i.channel = l.channel AND i.day = l.channel_day
                        AND i.kind = 'trade' AND i.superseded_at IS NULL AND i.differences IS NOT NULL
                        AND i.position < l.position)))
                AND NOT EXISTS (SELECT FROM views.reconciliation_carry c
                    WHERE c.channel = d.channel AND c.key = d.key AND c.taken_back_on IS NULL)
                AND NOT EXISTS (SELECT FROM views.difference_life o JOIN views.difference_step s USING (difference_id)
                    WHERE o.channel = d.channel AND o.key = d.key AND o.found AND s.position > o.since_position
                        AND s.step = 'met' AND s.detail = d.key)
            ORDER BY d.key, d.day, d.difference_id
            """,
            new { channel = channel.Name(), open = open.ToArray() }, cancellation);
        return [.. rows.Select(row => new LateLine(
            new(row.DifferenceId), new(row.NetMinor, Enum.Parse<Currency>(row.Currency))))];
    }

    /// <summary>Refunds to payers that no bill has shown yet.</summary>
    public async Task<IReadOnlyList<AwaitedRefund>> Refunds(Channel channel, CancellationToken cancellation)
    {
        var rows = await views.List<DifferenceLifeRow>(
            """
            SELECT * FROM views.difference_life
            WHERE channel = @channel AND refund_owed_minor <> 0 AND refund_number IS NOT NULL ORDER BY difference_id
            """,
            new { channel = channel.Name() }, cancellation);
        return [.. rows.DistinctBy(row => row.RefundNumber).Select(row => new AwaitedRefund(
            new(row.DifferenceId), row.RefundNumber!, row.Minor(row.RefundOwedMinor)))];
    }

    private sealed record LineNet
    {
        public required string DifferenceId { get; init; }
        public required string Currency { get; init; }
        public required long NetMinor { get; init; }
    }
}
