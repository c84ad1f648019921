using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Keeps <c>bank_entry</c>: each entry of our account <c>bank</c>, with the movement that it is of those that
/// are expected of the bank.</summary>
/// <remarks>The amounts are the journal's own, by the same rules, so that both come to the same.</remarks>
public sealed class BankEntryProjection : IProjection
{
    public string Name => "bank_entries";

    public IReadOnlyList<string> Tables => ["bank_entry"];

    public IReadOnlyList<string> SearchedBy => ["bank_entry_pkey"];

    public IReadOnlyList<Type> LooksAt =>
        [
            typeof(ReconciliationEvent), typeof(StatementEvent), typeof(SettlementEvent), typeof(DifferenceEvent),
            typeof(FundsEvent),
        ];

    public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page)
    {
        var rows = page.Select(EntryOf).OfType<Entry>().ToList();
        return rows.Count == 0
            ? []
            :
            [
                Statement.Insert(
                    "bank_entry", rows.Count,
                    Column.Of("position", rows, row => row.Recorded.Position),
                    Column.Of("movement", rows, row => row.Movement),
                    Column.Of("currency", rows, row => Column.Name(row.Amount.Currency)),
                    Column.Of("amount_minor", rows, row => row.Amount.MinorUnits),
                    Column.Of("day", rows, row => row.Day.Date),
                    Column.Of("line", rows, row => SaidOf(row).Line),
                    Column.Of("reason", rows, row => SaidOf(row).Reason),
                    Column.Of("settlement_id", rows, SettlementOf),
                    Column.Of("told_at", rows, ToldAt)),
            ];
    }

    private static Entry? EntryOf(Recorded<object> r) => MovementOf(r) is { } movement
        && PostingRules.EntryFor(r.Event) is { } entry
        && entry.Lines.Where(line => line.Account == Account.Bank).ToList() is [var first, .. var others]
            ? new(r, movement, others.Aggregate(first.Amount, (sum, line) => sum + line.Amount), entry.Day)
            : null;

    private static string? MovementOf(Recorded<object> r) => r.Event switch
    {
        ReconciliationEvent.FundsReceived e => $"funds:{e.Channel.Name()}:{e.Day}",
        ReconciliationEvent.FundsTakenBack e => $"funds:{e.Channel.Name()}:{e.Day}",
        ReconciliationEvent.RestReceived e => Rest(e.Channel, e.Day, e.Rest),
        ReconciliationEvent.RestTakenBack e => Rest(e.Channel, e.Day, e.Rest),
        ReconciliationEvent.WithdrawalReceived e => $"withdrawal:{e.Channel.Name()}:{e.Day}:{e.Withdrawal}",
        ReconciliationEvent.WithdrawalTakenBack e => $"withdrawal:{e.Channel.Name()}:{e.Day}:{e.Withdrawal}",
        SettlementEvent.PayoutConfirmed => $"settlement:{r.Stream.Id}",
        SettlementEvent.PayoutReturned e => $"returned:{e.Reference}",
        StatementEvent.Explained e => $"explained:{e.Line}",
        StatementEvent.ExplanationTakenBack e => $"explained:{e.Line}",

        // What people have put there by a difference has no line that is expected, and is shown as it is.
        DifferenceEvent => $"difference:{r.Stream.Id}",
        FundsEvent.Transferred { To.Kind: AccountKind.Bank } => FormattableString.Invariant($"transfer:{r.Position}"),
        _ => null,
    };

    private static string Rest(Channel channel, BusinessDay day, int rest) =>
        FormattableString.Invariant($"rest:{channel.Name()}:{day}:{rest}");

    private static (string? Line, string? Reason) SaidOf(Entry row) => row.Recorded.Event switch
    {
        ReconciliationEvent.FundsReceived e => (e.Line, null),
        ReconciliationEvent.FundsTakenBack e => (e.Line, e.Reason),
        ReconciliationEvent.RestReceived e => (e.Line, null),
        ReconciliationEvent.RestTakenBack e => (e.Line, e.Reason),
        ReconciliationEvent.WithdrawalReceived e => (e.Line, null),
        ReconciliationEvent.WithdrawalTakenBack e => (e.Line, e.Reason),
        SettlementEvent.PayoutReturned e => (e.Line, null),
        StatementEvent.Explained e => (e.Line, e.Reason),
        StatementEvent.ExplanationTakenBack e => (e.Line, e.Reason),
        _ => (null, null),
    };

    private static string? SettlementOf(Entry row) =>
        row.Recorded.Event is SettlementEvent.PayoutConfirmed ? row.Recorded.Stream.Id : null;

    private static DateTimeOffset? ToldAt(Entry row) =>
        row.Recorded.Event is SettlementEvent.PayoutConfirmed e ? e.At.ToUniversalTime() : null;

    private sealed record Entry(Recorded<object> Recorded, string Movement, Money Amount, BusinessDay Day);
}
