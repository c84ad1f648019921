namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Looks up what lies between our account <c>bank</c> and the bank's statements at the end of a day.</summary>
/// <remarks>What a line is counts as it is known now, whenever that was said; what was booked counts on its business
/// day.</remarks>
public sealed class BankBalanceQueries(ViewDatabase views)
{
    // Lines of a statement that was not read to its end may be brought by none, unless they are something already.
    private const string Lines =
        """
        line AS (SELECT l.*, coalesce(l.matched_with, l.line) AS whole FROM views.statement_line l
            WHERE l.currency = @currency AND (l.matched_by IS NOT NULL OR EXISTS (SELECT FROM views.statement_import i
                WHERE i.account = l.account AND i.sha256 = l.sha256)))
        """;

    private const string GapSql =
        $"""
        WITH {Lines},
            booked AS (SELECT coalesce(p.expected, e.movement) AS movement, min(e.day) AS day,
                    sum(e.amount_minor)::bigint AS minor
                FROM views.bank_entry e LEFT JOIN views.payout p
                    ON p.settlement_id = e.settlement_id AND p.confirmed_at = e.told_at
                WHERE e.currency = @currency AND e.day <= @day GROUP BY 1),
            known AS (SELECT b.*, coalesce(l.whole, CASE WHEN b.movement LIKE 'explained:%'
                    THEN substr(b.movement, 11) ELSE b.movement END) AS whole
                FROM booked b LEFT JOIN views.statement_match m ON m.expected = b.movement
                    LEFT JOIN line l ON l.line = m.line),
            ours AS (SELECT whole, sum(minor)::bigint AS minor, min(day) AS day,
                    string_agg(movement, ' ' ORDER BY movement) AS movements
                FROM known GROUP BY whole),
            theirs AS (SELECT whole, coalesce(sum(amount_minor) FILTER (WHERE day <= @day), 0)::bigint AS seen,
                    coalesce(sum(amount_minor) FILTER (WHERE day > @day), 0)::bigint AS later, min(day) AS day
                FROM line GROUP BY whole),
            gap AS (SELECT whole, coalesce(t.seen, 0) AS seen_minor, coalesce(t.later, 0) AS later_minor,
                    coalesce(o.minor, 0) AS booked_minor, least(t.day, o.day) AS day, o.movements
                FROM ours o FULL JOIN theirs t USING (whole)
                WHERE coalesce(t.seen, 0) <> coalesce(o.minor, 0)),
            shown AS (SELECT DISTINCT ON (l.whole) l.*
                FROM gap g JOIN line l ON l.whole = g.whole AND l.day <= @day
                ORDER BY l.whole, l.day, l.line <> l.whole, l.position)
        SELECT g.seen_minor, g.later_minor, g.booked_minor, g.day, l.account, l.line,
            coalesce(l.reference, '') AS reference, coalesce(l.counterparty, '') AS counterparty,
            coalesce(l.note, '') AS note, coalesce((SELECT string_agg(m.expected, ' ' ORDER BY m.expected)
                FROM views.statement_match m WHERE m.line = g.whole), g.movements, '') AS movements
        FROM gap g LEFT JOIN shown l ON l.whole = g.whole
        ORDER BY g.day, l.position NULLS LAST, g.whole
        """;

    /// <summary>What our books hold in the bank at the end of a day, by the journal.</summary>
    public Task<long> Booked(BusinessDay day, Currency currency, CancellationToken cancellation) => views.Value<long>(
        """
        SELECT coalesce(sum(amount_minor), 0)::bigint FROM views.journal_line
        WHERE account = 'bank' AND currency = @currency AND business_day <= @day
        """,
        new { day = day.Date, currency = $"{currency}" }, cancellation);

    /// <summary>Each bank account of which there are statements.</summary>
    public Task<IReadOnlyList<BankAccountRow>> Accounts(
        BusinessDay day, Currency currency, CancellationToken cancellation) => views.List<BankAccountRow>(
        $"""
        WITH {Lines}
        SELECT account, count(*) FILTER (WHERE day <= @day)::int AS lines,
            coalesce(sum(amount_minor) FILTER (WHERE day <= @day), 0)::bigint AS moved_minor,
            (SELECT max(i.to_day) FROM views.statement_import i WHERE i.account = line.account) AS covered_to
        FROM line GROUP BY account ORDER BY account
        """,
        new { day = day.Date, currency = $"{currency}" }, cancellation);

    /// <summary>The lines of the first and of the last moments of each account up to a day.</summary>
    public Task<IReadOnlyList<BankEdgeRow>> Edges(
        BusinessDay day, Currency currency, int moments, CancellationToken cancellation) => views.List<BankEdgeRow>(
        $"""
        WITH {Lines},
            edge AS (SELECT account, booked_at, amount_minor, balance_minor,
                dense_rank() OVER (PARTITION BY account ORDER BY booked_at) AS from_first,
                dense_rank() OVER (PARTITION BY account ORDER BY booked_at DESC) AS from_last
                FROM line WHERE day <= @day)
        SELECT * FROM edge WHERE from_first <= @moments OR from_last <= @moments
        """,
        new { day = day.Date, currency = $"{currency}", moments }, cancellation);

    /// <summary>All that is not the same on both sides.</summary>
    public Task<IReadOnlyList<BankGapRow>> Gaps(
        BusinessDay day, Currency currency, CancellationToken cancellation) =>
        views.List<BankGapRow>(GapSql, new { day = day.Date, currency = $"{currency}" }, cancellation);
}
