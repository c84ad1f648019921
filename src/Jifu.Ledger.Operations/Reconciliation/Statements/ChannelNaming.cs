using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Which channels lines name, by the words of their accounts' mappings.</summary>
/// <remarks>Words of one's own do nothing for lines that one brings oneself: only the usual words of a channel book
/// money on the word of whoever brought the line.</remarks>
internal sealed class ChannelNaming
{
    private readonly IReadOnlyDictionary<string, SavedMapping> _mappings;
    private readonly HashSet<(string Account, string By)> _others;

    private ChannelNaming(IReadOnlyDictionary<string, SavedMapping> mappings, HashSet<(string, string)> others) =>
        (_mappings, _others) = (mappings, others);

    /// <param name="rows">The lines that will be asked about.</param>
    public static async Task<ChannelNaming> Load(
        StatementQueries statements, IEnumerable<StatementLineRow> rows, OnePerson onePerson,
        CancellationToken cancellation)
    {
        var mappings = await statements.Mappings(cancellation);
        var others = new HashSet<(string, string)>();
        foreach (var (account, by) in rows.Select(row => (row.Account, row.ImportedBy)).Distinct())
        {
            if (by is not null && mappings.TryGetValue(account, out var saved) && saved.Mapping.ChannelWords is not null
                && !await onePerson(saved.SavedBy, by, cancellation))
                others.Add((account, by));
        }

        return new(mappings, others);
    }

    public IReadOnlyList<string> Of(StatementLineRow row, StatementLine line) => ChannelWords.NamedBy(
        line,
        row.ImportedBy is { } by && _others.Contains((row.Account, by))
            ? _mappings[row.Account].Mapping.ChannelWords
            : null);
}

/// <summary>A line of the bank, and what it was found to be.</summary>
/// <param name="How"><c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c>, <c>lines</c>, <c>confirmed</c> or
/// <c>explained</c>.</param>
/// <param name="IsCertain">False when it is a proposal, for a person to say.</param>
/// <param name="With">The lines with which it is that, where one movement came in several.</param>
public sealed record FoundMoney(
    StatementLineRow Line, IReadOnlyList<ExpectedMoneyRow> To, string How, bool IsCertain,
    IReadOnlyList<StatementLineRow> With)
{
    public IEnumerable<StatementLineRow> Lines => With.Prepend(Line);
}
