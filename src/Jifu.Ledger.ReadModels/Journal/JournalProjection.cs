using Jifu.Ledger.Clearing;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Journal;

/// <summary>Keeps <c>journal_line</c> and <c>balance</c>: the entries that the posting rules make, their sums, and what
/// merchants may give away of them.</summary>
public sealed class JournalProjection : IProjection
{
    public string Name => "journal";

    public IReadOnlyList<string> Tables => ["journal_line", "balance"];

    public IReadOnlyList<string> SearchedBy => ["balance_pkey"];

    public IReadOnlyList<Type> LooksAt =>
        [
            typeof(PaymentEvent.Succeeded), typeof(PaymentEvent.SplitMade), typeof(PaymentEvent.Cancelled),
            typeof(PaymentEvent.CancelRefused), typeof(PaymentEvent.RefundRequested),
            typeof(PaymentEvent.RefundSucceeded), typeof(PaymentEvent.RefundFailed), typeof(ClearingEvent),
            typeof(SettlementEvent), typeof(FundsEvent), typeof(ReconciliationEvent), typeof(StatementEvent),
            typeof(DifferenceEvent),
        ];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var lines = new List<Line>(page.Count * 2);
        var balances = new BalanceChanges(page.Count);
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
                lines.Add(new(recorded, entry, i + 1, stream, balances.Post(line), line.Amount.MinorUnits));
            }
        }

        var changes = balances.Statements();
        if (lines.Count == 0)
            return changes;

        // In the order of the index on accounts: lines that go to one leaf of it come one after the other.
        lines.Sort((a, b) => a.Balance.Place != b.Balance.Place
            ? a.Balance.Place - b.Balance.Place
            : a.Recorded.Position != b.Recorded.Position
                ? a.Recorded.Position.CompareTo(b.Recorded.Position)
                : a.No - b.No);
        return [Insert(lines), .. changes];
    }

    private static Statement Insert(List<Line> lines) => Statement.Insert(
        "journal_line", lines.Count,
        Column.Of("position", lines, l => l.Recorded.Position),
        Column.Of("line_no", lines, l => l.No),
        Column.Of("recorded_at", lines, l => l.Recorded.RecordedAt.ToUniversalTime()),
        Column.Of("business_day", lines, l => l.Entry.Day.Date),
        Column.Of("rule", lines, l => l.Entry.Rule),
        Column.Of("account", lines, l => l.Balance.Name),
        Column.Of("currency", lines, l => l.Balance.Currency),
        Column.Of("amount_minor", lines, l => l.Minor),
        Column.Of("stream", lines, l => l.Stream));

    private readonly record struct Line(
        Recorded<object> Recorded, JournalEntry Entry, int No, string Stream, BalanceChanges.Change Balance,
        long Minor);
}
