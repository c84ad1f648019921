using System.Text.Json;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Looks up statements of our bank accounts, and what is open between the bank and our books.</summary>
public sealed class StatementQueries(ViewDatabase views)
{
    private const string LineWithMatches =
        """
        SELECT l.*, i.imported_by, coalesce((SELECT string_agg(m.expected, ' ' ORDER BY m.expected)
            FROM views.statement_match m WHERE m.line = l.line), '') AS matched_to
        FROM views.statement_line l LEFT JOIN views.statement_import i USING (account, sha256)
        """;

    public Task<IReadOnlyList<StatementImportRow>> Imports(CancellationToken cancellation) =>
        views.List<StatementImportRow>(
            "SELECT * FROM views.statement_import ORDER BY account, position", null, cancellation);

    /// <summary>How the statements of each account are read, by account.</summary>
    public async Task<IReadOnlyDictionary<string, SavedMapping>> Mappings(CancellationToken cancellation) =>
        (await views.List<MappingRow>("SELECT * FROM views.statement_mapping", null, cancellation)).ToDictionary(
            row => row.Account, row => new SavedMapping(
                JsonSerializer.Deserialize<StatementMapping>(row.Mapping, StatementProjection.AsStored)!, row.SavedBy));

    /// <summary>Lines of a period by the bank's clock, oldest first.</summary>
    /// <param name="openOnly">Only those that are nothing that we know.</param>
    public Task<IReadOnlyList<StatementLineRow>> Lines(
        BusinessDay from, BusinessDay to, bool openOnly, CancellationToken cancellation) =>
        views.List<StatementLineRow>(
            $"""
            {LineWithMatches}
            WHERE l.day BETWEEN @from AND @to AND (NOT @openOnly OR l.matched_by IS NULL)
            ORDER BY l.booked_at, l.position
            """,
            new { from = from.Date, to = to.Date, openOnly }, cancellation);

    /// <summary>One line; null when no statement that was read whole has it.</summary>
    public Task<StatementLineRow?> Line(string account, string line, CancellationToken cancellation) =>
        views.One<StatementLineRow>(
            $"{LineWithMatches} WHERE l.account = @account AND l.line = @line AND i.imported_by IS NOT NULL",
            new { account, line }, cancellation);

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

    /// <summary>What is expected of the bank, up to a day, and no line is yet, oldest first.</summary>
    /// <remarks>Money that was booked by a line is matched to it, or about to be taken back: then it is as if it were
    /// not booked.</remarks>
    public async Task<IReadOnlyList<ExpectedMoneyRow>> Expected(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => [.. ReturnedMoney.Without(
        await Open(from, to, cancellation)).Where(row => row.Day >= from)];

    private Task<IReadOnlyList<ExpectedMoneyRow>> Open(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<ExpectedMoneyRow>(
        $"""
        WITH money AS (
            SELECT 'funds:' || r.channel || ':' || r.day AS id, r.channel, r.day, r.currency,
                coalesce(f.amount_minor, r.current_net_minor) AS amount_minor, coalesce(f.reference, '') AS reference,
                f.amount_minor IS NOT NULL AS is_booked, '' AS number, false AS is_return
            FROM views.reconciliation r LEFT JOIN views.channel_funds f
                ON f.channel = r.channel AND f.day = r.day AND f.line IS NULL
            WHERE r.status = 'completed' AND r.day BETWEEN @from AND @to
                AND (f.amount_minor IS NOT NULL OR NOT {WithdrawalSql.IsByWithdrawals})
            UNION ALL
            SELECT {WithdrawalSql.Id}, w.channel, w.day, w.currency, w.amount_minor, w.reference, false, w.number,
                w.is_return
            FROM views.withdrawal w WHERE w.day BETWEEN @before AND @to AND {WithdrawalSql.IsOwed}
            UNION ALL
            SELECT 'settlement:' || settlement_id, '', (finished_at AT TIME ZONE 'Asia/Shanghai')::date, currency,
                -amount_minor, coalesce(bank_reference, ''), true, '', false
            FROM views.settlement
            WHERE status = 'confirmed' AND finished_at >= @start AND finished_at < @end)
        SELECT * FROM money WHERE amount_minor <> 0
            AND NOT EXISTS (SELECT FROM views.statement_match m WHERE m.expected = money.id)
        ORDER BY day, id
        """,
        new
        {
            from = from.Date, to = to.Date, before = from.Date.AddDays(-StatementMatching.DaysMax),
            start = from.Start.ToUniversalTime(),
            end = to.Next.Start.ToUniversalTime(),
        },
        cancellation);

    private sealed record MappingRow
    {
        public required string Account { get; init; }
        public required string Mapping { get; init; }
        public required string SavedBy { get; init; }
    }
}
