using Jifu.Ledger.ReadModels.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Lines and movements of which somebody says that they are the same, all of them open.</summary>
/// <param name="Lines">The first one is what it is about; the others are it with that one.</param>
internal sealed record OpenMoney(IReadOnlyList<StatementLineRow> Lines, IReadOnlyList<ExpectedMoneyRow> To)
{
    private const int LookBackDays = 62;

    /// <summary>What the lines are beyond the movements.</summary>
    public long BeyondMinor => checked(Came.MinorUnits - Expected.MinorUnits);

    public Money Beyond => new(BeyondMinor, Currency);

    /// <summary>What the lines are together, and the movements.</summary>
    public Money Came => new(Lines.Sum(line => line.AmountMinor), Currency);

    public Money Expected => new(To.Sum(one => one.AmountMinor), Currency);

    public Currency Currency => Enum.Parse<Currency>(Lines[0].Currency);

    /// <param name="lines">The first one is of the account; the others may be of any.</param>
    /// <returns>Which rule says that they are not open, or do not belong together.</returns>
    public static async Task<(OpenMoney? Found, Refusal? Refusal)> Find(
        StatementQueries statements, string account, IReadOnlyList<string> lines, IReadOnlyList<string> to,
        BusinessDay today, CancellationToken cancellation)
    {
        var rows = (await statements.LinesOf([.. lines], cancellation)).ToDictionary(row => row.Line);
        if (lines.FirstOrDefault(line => !rows.ContainsKey(line)) is { } unknown || rows[lines[0]].Account != account)
            return Refused(StatementRejection.StatementLineNotFound, "is no line of a statement.");
        if (rows.Values.FirstOrDefault(row => row.MatchedBy is not null) is { } done)
            return Refused(
                StatementRejection.StatementLineMatched, $"is {done.MatchedTo} {done.ExplainedAs} already.");
        var since = new BusinessDay(rows.Values.Min(row => row.Day).Date.AddDays(-LookBackDays));
        var open = (await statements.Expected(since, today, cancellation))
            .Concat(await statements.Returnable(since, today, cancellation)).ToDictionary(one => one.Id);
        if (to.FirstOrDefault(id => !open.ContainsKey(id)) is { } other)
            return Refused(StatementRejection.StatementMoneyNotExpected, $"{other} is not expected of the bank.");
        var found = new OpenMoney([.. lines.Select(line => rows[line])], [.. to.Select(id => open[id])]);
        return found.Lines.Select(line => line.Currency).Concat(found.To.Select(one => one.Currency)).Distinct()
            .Count() > 1
            ? Refused(StatementRejection.StatementAmountsDiffer, "is of another currency.")
            : (found, null);

        (OpenMoney?, Refusal?) Refused(StatementRejection rejection, string why) =>
            (null, Refusal.Of(rejection, $"{account} {string.Join(' ', lines)}: {why}"));
    }
}
