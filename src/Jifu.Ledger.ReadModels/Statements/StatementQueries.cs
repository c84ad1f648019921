using System.Text.Json;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Looks up statements of our bank accounts, and what is open between the bank and our books.</summary>
public sealed class StatementQueries(ViewDatabase views)
{
    private const string LineWithMatches =
        """
        SELECT l.*, i.imported_by, coalesce((SELECT string_agg(m.expected, ' ' ORDER BY m.expected)
            FROM views.statement_match m WHERE m.line = coalesce(l.matched_with, l.line)), '') AS matched_to
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

    /// <summary>The same of several, of whichever accounts.</summary>
    public Task<IReadOnlyList<StatementLineRow>> LinesOf(string[] lines, CancellationToken cancellation) =>
        views.List<StatementLineRow>(
            $"{LineWithMatches} WHERE l.line = ANY (@lines) AND i.imported_by IS NOT NULL", new { lines },
            cancellation);

    /// <summary>What is expected of the bank, up to a day, and no line is yet, oldest first.</summary>
    public async Task<IReadOnlyList<ExpectedMoneyRow>> Expected(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => [.. ReturnedMoney.Without(
        await Open(from, to, cancellation)).Where(row => row.Day >= from)];

    /// <summary>Payouts that were confirmed in some days and may come back (退汇): nobody expects it.</summary>
    public Task<IReadOnlyList<ExpectedMoneyRow>> Returnable(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<ExpectedMoneyRow>(
        """
        SELECT 'returned:' || reference AS id, '' AS channel, currency, amount_minor, bank_reference AS reference,
            (confirmed_at AT TIME ZONE 'Asia/Shanghai')::date AS day, false AS is_booked, true AS needs_word
        FROM views.payout p
        WHERE confirmed_at >= @start AND confirmed_at < @end AND returned_by IS NULL
            AND NOT EXISTS (SELECT FROM views.statement_match m WHERE m.expected = 'returned:' || p.reference)
        ORDER BY confirmed_at, reference
        """,
        new { start = from.Start.ToUniversalTime(), end = to.Next.Start.ToUniversalTime() }, cancellation);

    private Task<IReadOnlyList<ExpectedMoneyRow>> Open(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<ExpectedMoneyRow>(
        $"""
        WITH day AS ({ChannelMoneySql.OfDays} WHERE r.status = 'completed' AND r.day BETWEEN @from AND @to),
            money AS ({ChannelMoneySql.Expected})
        SELECT * FROM money WHERE amount_minor <> 0
            AND NOT EXISTS (SELECT FROM views.statement_match m WHERE m.expected = money.id)
        ORDER BY day, id
        """,
        new
        {
            from = from.Date, to = to.Date, before = from.Date.AddDays(-StatementMatching.DaysMax),
            start = from.Start.ToUniversalTime(), end = to.Next.Start.ToUniversalTime(),
        },
        cancellation);

    private sealed record MappingRow
    {
        public required string Account { get; init; }
        public required string Mapping { get; init; }
        public required string SavedBy { get; init; }
    }
}
