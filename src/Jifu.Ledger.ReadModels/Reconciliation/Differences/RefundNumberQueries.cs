namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>Tells whose a refund number is, by which a bill's row of the refund is found later.</summary>
public sealed class RefundNumberQueries(ViewDatabase views)
{
    /// <summary>Who else has the number with this channel: a difference that was closed by it, or that somebody wants
    /// closed by it; or a refund of our own.</summary>
    /// <param name="beforeMine">Of proposals only those that came before the newest one of this difference: the
    /// log's order is one for all, so that of two that came at once each sees the same one first.</param>
    /// <returns><c>difference d0a1…, closed</c>, <c>payment p17</c>; null when the number is free.</returns>
    public Task<string?> Owner(
        string channel, string number, string mine, bool beforeMine, CancellationToken cancellation) =>
        views.One<string>(
            """
            SELECT 'difference ' || difference_id || ', closed' FROM views.difference_life
            WHERE channel = @channel AND refund_number = @number AND difference_id <> @mine
            UNION ALL
            SELECT 'difference ' || d.difference_id || ', proposed' FROM views.difference_life d
            WHERE d.channel = @channel AND d.proposed IS NOT NULL AND d.difference_id <> @mine
                AND CASE WHEN d.proposed LIKE '{%' THEN d.proposed::jsonb ->> 'refund_number' END = @number
                AND (NOT @beforeMine OR (
                    SELECT max(position) FROM views.difference_step s
                    WHERE s.difference_id = d.difference_id AND s.step = 'proposed') < (
                    SELECT max(position) FROM views.difference_step s
                    WHERE s.difference_id = @mine AND s.step = 'proposed'))
            UNION ALL
            SELECT 'payment ' || payment_id FROM views.refund
            WHERE payment_id = split_part(@number, '.', 1) AND payment_id || '.' || refund_no = @number
                AND channel = @channel
            LIMIT 1
            """,
            new { channel, number, mine, beforeMine }, cancellation);
}
