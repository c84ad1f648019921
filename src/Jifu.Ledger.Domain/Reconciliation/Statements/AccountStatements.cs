using System.Collections.Immutable;

namespace Jifu.Ledger.Reconciliation.Statements;

using static StatementEvent;

/// <summary>What is known of a bank account's statements.</summary>
public sealed record AccountStatements
{
    public static readonly AccountStatements Initial = new();

    private AccountStatements() { }

    public StatementMapping? Mapping { get; private init; }

    /// <summary>Every statement that was read whole, by its SHA-256.</summary>
    public ImmutableDictionary<string, Imported> Imports { get; private init; } =
        ImmutableDictionary<string, Imported>.Empty;

    public ImmutableDictionary<string, LineRead> Lines { get; private init; } =
        ImmutableDictionary<string, LineRead>.Empty;

    /// <summary>What lines are, by line.</summary>
    public ImmutableDictionary<string, Matched> Matches { get; private init; } =
        ImmutableDictionary<string, Matched>.Empty;

    /// <summary>What lines were taken for and are not, with the reason: nothing but a person takes them for it
    /// again.</summary>
    public ImmutableDictionary<(string Line, string To), string> Undone { get; private init; } =
        ImmutableDictionary<(string, string), string>.Empty;

    /// <summary>Explanations that nobody has approved or rejected yet, by id.</summary>
    public ImmutableDictionary<string, ExplanationProposed> Proposals { get; private init; } =
        ImmutableDictionary<string, ExplanationProposed>.Empty;

    /// <summary>Explanations that stand, by line.</summary>
    public ImmutableDictionary<string, Explained> Explanations { get; private init; } =
        ImmutableDictionary<string, Explained>.Empty;

    /// <summary>True while the statement that brought a line was not read to its end: an import was killed, or is
    /// still at work. The next statement that has the line brings it.</summary>
    public bool IsLeft(LineRead line)
    {
        ArgumentNullException.ThrowIfNull(line);
        return !Imports.ContainsKey(line.Sha256);
    }

    /// <summary>The lines of some days that are so.</summary>
    public IEnumerable<LineRead> LeftBetween(BusinessDay from, BusinessDay to) => Lines.Values.Where(
        line => IsLeft(line) && BusinessDay.Of(line.BookedAt) is var day && day >= from && day <= to);

    public static AccountStatements Evolve(AccountStatements account, StatementEvent @event) => @event switch
    {
        MappingSaved e => account with { Mapping = e.Mapping },
        LineRead e => account with { Lines = account.Lines.SetItem(e.Line, e) },
        Imported e => account with { Imports = account.Imports.SetItem(e.Sha256, e) },
        Matched e => account with
        {
            Matches = account.Matches.SetItem(e.Line, e),
            Undone = account.Undone.RemoveRange(e.To.Select(to => (e.Line, to))),
        },
        MatchUndone e => account with
        {
            Matches = account.Matches.Remove(e.Line),
            Undone = account.Undone.SetItems(e.To.Select(to => KeyValuePair.Create((e.Line, to), e.Reason))),
        },
        ExplanationProposed e => account with { Proposals = account.Proposals.SetItem(e.Id, e) },
        ExplanationRejected e => account with { Proposals = account.Proposals.Remove(e.Id) },
        Explained e => account with
        {
            Proposals = account.Proposals.Remove(e.Id), Explanations = account.Explanations.SetItem(e.Line, e),
        },
        ExplanationTakenBack e => account with { Explanations = account.Explanations.Remove(e.Line) },
        _ => throw new InvalidOperationException($"A bank account has no place for {@event}."),
    };
}
