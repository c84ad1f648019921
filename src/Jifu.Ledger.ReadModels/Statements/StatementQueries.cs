namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Looks up statements of our bank accounts, and what is open between the bank and our books.</summary>
public sealed class StatementQueries(ViewDatabase views)
{
    public Task<IReadOnlyList<StatementImportRow>> Imports(CancellationToken cancellation) =>
        views.List<StatementImportRow>(
            "SELECT * FROM views.statement_import ORDER BY account, position", null, cancellation);

    /// <summary>Lines of a period by the bank's clock, oldest first.</summary>
    /// <param name="openOnly">Only those that are nothing that we know.</param>
    public Task<IReadOnlyList<StatementLineRow>> Lines(
        BusinessDay from, BusinessDay to, bool openOnly, CancellationToken cancellation) =>
        views.List<StatementLineRow>(
            """
            SELECT l.*, coalesce((SELECT string_agg(m.expected, ' ' ORDER BY m.expected)
                FROM views.statement_match m WHERE m.line = l.line), '') AS matched_to
            FROM views.statement_line l
            WHERE l.day BETWEEN @from AND @to AND (NOT @openOnly OR l.matched_by IS NULL)
            ORDER BY l.booked_at, l.position
            """,
            new { from = from.Date, to = to.Date, openOnly }, cancellation);

    /// <summary>Channels' money of a period of days that has its line, and is not booked yet.</summary>
    public Task<IReadOnlyList<UnbookedMoneyRow>> Unbooked(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<UnbookedMoneyRow>(
        """
        SELECT r.channel, r.day, r.currency, r.their_net_minor AS amount_minor, l.reference, l.line
        FROM views.reconciliation r
            JOIN views.statement_match m ON m.expected = 'funds:' || r.channel || ':' || r.day
            JOIN views.statement_line l USING (line)
        WHERE r.day BETWEEN @from AND @to AND r.status = 'completed'
            AND NOT EXISTS (SELECT FROM views.channel_funds f WHERE f.channel = r.channel AND f.day = r.day)
        ORDER BY r.day, r.channel
        """,
        new { from = from.Date, to = to.Date }, cancellation);

    /// <summary>What is expected of the bank, up to a day, and no line is yet, oldest first.</summary>
    public Task<IReadOnlyList<ExpectedMoneyRow>> Expected(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<ExpectedMoneyRow>(
        """
        WITH money AS (
            SELECT 'funds:' || r.channel || ':' || r.day AS id, r.channel, r.day, r.currency,
                coalesce(f.amount_minor, r.their_net_minor) AS amount_minor, coalesce(f.reference, '') AS reference,
                f.amount_minor IS NOT NULL AS is_booked
            FROM views.reconciliation r LEFT JOIN views.channel_funds f USING (channel, day)
            WHERE r.status = 'completed' AND r.day BETWEEN @from AND @to
            UNION ALL
            SELECT 'settlement:' || settlement_id, '', (finished_at AT TIME ZONE 'Asia/Shanghai')::date, currency,
                -amount_minor, coalesce(bank_reference, ''), true
            FROM views.settlement
            WHERE status = 'confirmed' AND finished_at >= @start AND finished_at < @end)
        SELECT * FROM money WHERE amount_minor <> 0
            AND NOT EXISTS (SELECT FROM views.statement_match m WHERE m.expected = money.id)
        ORDER BY day, id
        """,
        new
        {
            from = from.Date, to = to.Date, start = from.Start.ToUniversalTime(),
            end = to.Next.Start.ToUniversalTime(),
        },
        cancellation);
}
