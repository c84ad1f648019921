using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>Looks up what may meet a channel's open differences.</summary>
public sealed class ArrivalQueries(ViewDatabase views)
{
    /// <summary>All that has money in suspense or waits for somebody, the oldest first; holds too.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> Live(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT * FROM views.difference_life
            WHERE channel = @channel AND found AND status NOT IN ('closed', 'undone') ORDER BY day, difference_id
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

    /// <summary>What was closed, or lowered, by what a difference stood for.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> ClosedWith(
        Channel channel, string id, CancellationToken cancellation) => views.List<DifferenceLifeRow>(
        """
        SELECT * FROM views.difference_life
        WHERE channel = @channel AND closed_with LIKE '%' || @id || '%' AND difference_id <> @id
        """,
        new { channel = channel.Name(), id }, cancellation);

    /// <summary>Open differences that a rule has taken into a group of which others are closed: a run was killed
    /// between them. <see cref="DifferenceLifeRow.ClosedWith"/>, rule and version are those of the group.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> HalfMatched(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT DISTINCT ON (d.difference_id) d.difference_id, d.channel, d.day, d.class, d.key, d.field, d.theirs,
                d.ours, d.currency, d.excess_minor, d.left_minor, d.found_position, d.found, d.status, d.version,
                d.refund_owed_minor, o.closed_with, o.rule, o.rule_version
            FROM views.difference_life o
            JOIN views.difference_life d ON d.difference_id = ANY (string_to_array(o.closed_with, ' '))
            WHERE o.channel = @channel AND o.closed_by = 'rule' AND o.status = 'closed' AND d.found
                AND d.status = 'open'
            ORDER BY d.difference_id, o.closed_position DESC
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Differences that were met by another which is open: a run was killed between the two.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> HalfMet(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT o.* FROM views.difference_life d
            JOIN views.difference_life o ON o.closed_with = 'difference ' || d.difference_id AND o.closed_by = 'met'
            WHERE d.channel = @channel AND d.found AND d.status NOT IN ('closed', 'undone') AND o.found
            ORDER BY o.difference_id
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Differences that were met by another which was closed by something else: a run was killed between the
    /// two, and somebody came before the next.</summary>
    public Task<IReadOnlyList<DifferenceLifeRow>> MetInVain(Channel channel, CancellationToken cancellation) =>
        views.List<DifferenceLifeRow>(
            """
            SELECT o.* FROM views.difference_life d
            JOIN views.difference_life o ON o.closed_with = 'difference ' || d.difference_id AND o.closed_by = 'met'
            WHERE d.channel = @channel AND d.found AND d.status = 'closed' AND o.found
                AND d.closed_with IS DISTINCT FROM 'difference ' || o.difference_id
            ORDER BY o.difference_id
            """,
            new { channel = channel.Name() }, cancellation);

    /// <summary>Our lines of these keys that no comparison has had: of a day that was compared, and booked since it
    /// was.</summary>
    public async Task<IReadOnlyList<LateLine>> LateLines(
        Channel channel, IReadOnlyList<string> keys, CancellationToken cancellation)
    {
        var rows = await views.List<LineNet>(
            """
            SELECT l.kind || ':' || l.number AS key, l.currency,
                CASE l.kind WHEN 'payment' THEN l.amount_minor ELSE -l.amount_minor END - l.fee_minor AS net_minor
            FROM views.channel_line l
            JOIN views.difference_life d ON d.channel = l.channel AND d.key = l.kind || ':' || l.number
                AND d.class = 'only_at_channel' AND d.found
            WHERE l.channel = @channel AND l.kind || ':' || l.number = ANY (@keys)
                AND l.number = ANY (@numbers) AND (l.channel_day = d.day OR (l.position > d.found_position AND EXISTS (
                    SELECT FROM views.reconciliation r WHERE r.channel = l.channel AND r.day = l.channel_day
                        AND r.status = 'completed')))
            """,
            new
            {
                channel = channel.Name(), keys = keys.ToArray(),
                numbers = keys.Select(LineKey.NumberIn).ToArray(),
            },
            cancellation);
        return [.. rows.DistinctBy(row => row.Key)
            .Select(row => new LateLine(row.Key, new(row.NetMinor, Enum.Parse<Currency>(row.Currency))))];
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
        public required string Key { get; init; }
        public required string Currency { get; init; }
        public required long NetMinor { get; init; }
    }
}
