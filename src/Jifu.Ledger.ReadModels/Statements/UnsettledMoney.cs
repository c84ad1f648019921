namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Looks up where the books do not say yet of channels' money what the bank's lines say.</summary>
public sealed class UnsettledMoney(ViewDatabase views)
{
    /// <summary>Channels' money that has its line, and is not booked yet.</summary>
    /// <remarks>Matches of older programs did not note what of a line is which day's: then it is the whole line, or
    /// what the days' bills say.</remarks>
    public Task<IReadOnlyList<UnbookedMoneyRow>> Unbooked(CancellationToken cancellation) =>
        views.List<UnbookedMoneyRow>(
            """
            SELECT r.channel, r.day, r.currency, l.reference, l.line, coalesce(m.amount_minor,
                CASE WHEN (SELECT count(*) FROM views.statement_match o WHERE o.line = m.line) = 1
                    THEN l.amount_minor ELSE r.current_net_minor END) AS amount_minor
            FROM views.reconciliation r
                JOIN views.statement_match m ON m.expected = 'funds:' || r.channel || ':' || r.day
                JOIN views.statement_line l USING (line)
            WHERE r.status = 'completed'
                AND NOT EXISTS (SELECT FROM views.channel_funds f WHERE f.channel = r.channel AND f.day = r.day)
            ORDER BY r.day, r.channel
            """,
            null, cancellation);

    /// <summary>The same of withdrawals.</summary>
    public Task<IReadOnlyList<WithdrawalBookingRow>> UnbookedWithdrawals(CancellationToken cancellation) =>
        views.List<WithdrawalBookingRow>(
            $"""
            SELECT m.expected AS id, w.channel, w.day, w.number, w.currency, l.reference, l.line, m.amount_minor
            FROM views.withdrawal w JOIN views.statement_match m ON m.expected = {WithdrawalSql.Id}
                JOIN views.statement_line l ON l.line = m.line
            WHERE w.line IS NULL ORDER BY w.day, w.channel, w.number
            """,
            null, cancellation);

    /// <summary>Withdrawals that were booked by a line which is not taken for them any more.</summary>
    public Task<IReadOnlyList<WithdrawalBookingRow>> MisbookedWithdrawals(CancellationToken cancellation) =>
        views.List<WithdrawalBookingRow>(
            $"""
            SELECT {WithdrawalSql.Id} AS id, w.channel, w.day, w.number, w.currency, '' AS reference, w.line,
                w.amount_minor
            FROM views.withdrawal w
            WHERE w.line IS NOT NULL AND NOT EXISTS (SELECT FROM views.statement_match m
                WHERE m.line = w.line AND m.expected = {WithdrawalSql.Id})
            ORDER BY w.day, w.channel, w.number
            """,
            null, cancellation);

    /// <summary>Channels' money that was booked by a line which is not taken for it any more.</summary>
    public Task<IReadOnlyList<MisbookedMoneyRow>> Misbooked(CancellationToken cancellation) =>
        views.List<MisbookedMoneyRow>(
            """
            SELECT f.channel, f.day, f.line FROM views.channel_funds f
            WHERE f.line IS NOT NULL AND NOT EXISTS (SELECT FROM views.statement_match m
                WHERE m.line = f.line AND m.expected = 'funds:' || f.channel || ':' || f.day)
            ORDER BY f.day, f.channel
            """,
            null, cancellation);

    /// <summary>The same of days' rests.</summary>
    public Task<IReadOnlyList<RestBookingRow>> UnbookedRests(CancellationToken cancellation) =>
        views.List<RestBookingRow>(
            """
            SELECT m.expected AS id, split_part(m.expected, ':', 2) AS channel,
                split_part(m.expected, ':', 3)::date AS day, split_part(m.expected, ':', 4)::int AS number,
                l.currency, l.reference, l.line, m.amount_minor
            FROM views.statement_match m JOIN views.statement_line l USING (line)
            WHERE m.expected >= 'rest:' AND m.expected < 'rest;' AND NOT EXISTS (SELECT FROM views.channel_rest b
                WHERE m.expected = 'rest:' || b.channel || ':' || b.day || ':' || b.number)
            ORDER BY day, channel, number
            """,
            null, cancellation);

    /// <summary>Rests that were booked by a line which is not taken for them any more.</summary>
    public Task<IReadOnlyList<RestBookingRow>> MisbookedRests(CancellationToken cancellation) =>
        views.List<RestBookingRow>(
            """
            SELECT b.id, b.channel, b.day, b.number, b.currency, '' AS reference, b.line, b.amount_minor
            FROM (SELECT *, 'rest:' || channel || ':' || day || ':' || number AS id FROM views.channel_rest) b
            WHERE NOT EXISTS (SELECT FROM views.statement_match m WHERE m.line = b.line AND m.expected = b.id)
            ORDER BY b.day, b.channel, b.number
            """,
            null, cancellation);

    /// <summary>Payouts that a line was found to bring back, and that are not booked so yet.</summary>
    public Task<IReadOnlyList<ReturnedPayoutRow>> UnbookedReturns(CancellationToken cancellation) =>
        views.List<ReturnedPayoutRow>(
            """
            SELECT p.settlement_id, p.reference, l.reference AS bank_reference, l.line
            FROM views.payout p JOIN views.statement_match m ON m.expected = 'returned:' || p.reference
                JOIN views.statement_line l USING (line)
            WHERE p.returned_by IS NULL ORDER BY p.reference
            """,
            null, cancellation);
}
