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
                    Column.Of("position", rows, row => row.Position),
                    Column.Of("movement", rows, row => row.Moved.Movement),
                    Column.Of("currency", rows, row => Column.Name(row.Amount.Currency)),
                    Column.Of("amount_minor", rows, row => row.Amount.MinorUnits),
                    Column.Of("day", rows, row => row.Day.Date),
                    Column.Of("line", rows, row => row.Moved.Line),
                    Column.Of("reason", rows, row => row.Moved.Reason),
                    Column.Of("settlement_id", rows, row => row.Moved.Settlement),
                    Column.Of("told_at", rows, row => row.Moved.ToldAt)),
            ];
    }

    private static Entry? EntryOf(Recorded<object> r) => MovedBy(r) is { } moved
        && PostingRules.EntryFor(r.Event) is { } entry
        && entry.Lines.Where(line => line.Account == Account.Bank).ToList() is [var first, .. var others]
            ? new(r.Position, moved, others.Aggregate(first.Amount, (sum, line) => sum + line.Amount), entry.Day)
            : null;

    private static Moved? MovedBy(Recorded<object> r) => r.Event switch
    {
        ReconciliationEvent.FundsReceived e => new(BankMovement.Funds(e.Channel, e.Day), e.Line),
        ReconciliationEvent.FundsTakenBack e => new(BankMovement.Funds(e.Channel, e.Day), e.Line, e.Reason),
        ReconciliationEvent.RestReceived e => new(BankMovement.Rest(e.Channel, e.Day, e.Rest), e.Line),
        ReconciliationEvent.RestTakenBack e => new(BankMovement.Rest(e.Channel, e.Day, e.Rest), e.Line, e.Reason),
        ReconciliationEvent.WithdrawalReceived e =>
            new(BankMovement.Withdrawal(e.Channel, e.Day, e.Withdrawal), e.Line),
        ReconciliationEvent.WithdrawalTakenBack e =>
            new(BankMovement.Withdrawal(e.Channel, e.Day, e.Withdrawal), e.Line, e.Reason),
        SettlementEvent.PayoutConfirmed e => new(BankMovement.Settlement(r.Stream.Id))
        {
            Settlement = r.Stream.Id, ToldAt = e.At.ToUniversalTime(),
        },
        SettlementEvent.PayoutReturned e => new(BankMovement.Returned(e.Reference), e.Line),
        StatementEvent.Explained e => new(BankMovement.Explained(e.Line), e.Line, e.Reason),
        StatementEvent.ExplanationTakenBack e => new(BankMovement.Explained(e.Line), e.Line, e.Reason),

        // What people have put there by a difference has no line that is expected, and is shown as it is.
        DifferenceEvent => new($"difference:{r.Stream.Id}"),
        FundsEvent.Transferred { To.Kind: AccountKind.Bank } =>
            new(FormattableString.Invariant($"transfer:{r.Position}")),
        _ => null,
    };

    /// <summary>Which movement an event is, and what it says of it besides its amount.</summary>
    private sealed record Moved(string Movement, string? Line = null, string? Reason = null)
    {
        public string? Settlement { get; init; }
        public DateTimeOffset? ToldAt { get; init; }
    }

    private sealed record Entry(long Position, Moved Moved, Money Amount, BusinessDay Day);
}
