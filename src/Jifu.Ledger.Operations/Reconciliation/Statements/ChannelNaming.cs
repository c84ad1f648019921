using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Which channels lines name, by the words of their accounts' mappings.</summary>
/// <remarks>Words of one's own do nothing for lines that one brings oneself: only the usual words of a channel book
/// money on the word of whoever brought the line.</remarks>
internal sealed class ChannelNaming
{
    private readonly IReadOnlyDictionary<string, SavedMapping> _mappings;

    private ChannelNaming(IReadOnlyDictionary<string, SavedMapping> mappings) => _mappings = mappings;

    public static async Task<ChannelNaming> Load(StatementQueries statements, CancellationToken cancellation) =>
        new(await statements.Mappings(cancellation));

    public IReadOnlyList<string> Of(StatementLineRow row, StatementLine line) => ChannelWords.NamedBy(
        line,
        _mappings.TryGetValue(row.Account, out var saved) && row.ImportedBy is { } by && by != saved.SavedBy
            ? saved.Mapping.ChannelWords
            : null);
}

/// <summary>A line of the bank, and what it was found to be.</summary>
/// <param name="How"><c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c> or <c>confirmed</c>.</param>
/// <param name="IsCertain">False when it is a proposal, for a person to say.</param>
public sealed record FoundMoney(
    StatementLineRow Line, IReadOnlyList<ExpectedMoneyRow> To, string How, bool IsCertain);
