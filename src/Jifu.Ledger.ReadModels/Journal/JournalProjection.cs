using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>Keeps <c>journal_line</c> and <c>balance</c>: the entries that the posting rules make, their sums, and what
/// merchants may give away of them.</summary>
public sealed class JournalProjection : IProjection
{
    public string Name => "journal";

    public IReadOnlyList<string> Tables => ["journal_line", "balance"];

    public IReadOnlyList<string> SearchedBy => ["balance_pkey"];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var lines = new List<Line>(page.Count * 2);
        var balances = new BalanceChanges();
        foreach (var recorded in page)
        {
            var effects = FundsEffect.Of(recorded.Event);
            for (var i = 0; i < effects.Count; i++)
                balances.Add(effects[i], recorded.Event is PaymentEvent.Succeeded ? recorded.Position : -1);
            if (PostingRules.EntryFor(recorded.Event) is not { } entry)
                continue;
            var stream = recorded.Stream.ToString();
            for (var i = 0; i < entry.Lines.Count; i++)
            {
                var line = entry.Lines[i];
                lines.Add(new(recorded, entry, i + 1, stream, balances.Post(line), line.Amount));
            }
        }

        return lines.Count == 0 ? [.. balances.Statements()] : [Insert(lines), .. balances.Statements()];
    }

    private static Statement Insert(List<Line> lines) => Statement.Insert(
        "journal_line", lines.Count,
        Column.Of("position", lines, l => l.Recorded.Position),
        Column.Of("line_no", lines, l => l.No),
        Column.Of("recorded_at", lines, l => l.Recorded.RecordedAt.ToUniversalTime()),
        Column.Of("business_day", lines, l => l.Entry.Day.Date),
        Column.Of("rule", lines, l => l.Entry.Rule),
        Column.Of("account", lines, l => l.Account),
        Column.Of("currency", lines, l => Column.Name(l.Amount.Currency)),
        Column.Of("amount_minor", lines, l => l.Amount.MinorUnits),
        Column.Of("stream", lines, l => l.Stream));

    private readonly record struct Line(
        Recorded<object> Recorded, JournalEntry Entry, int No, string Stream, string Account, Money Amount);
}
