using Jifu.Ledger.Clearing;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Journal;

/// <summary>Which entry each money event makes: a pure function of the event alone.
/// The table is docs/concepts/chart-of-accounts.md.</summary>
public static class PostingRules
{
    /// <summary>The entry of an event; null for one that moves no money.</summary>
    /// <param name="event">Any event of the ledger.</param>
    public static JournalEntry? EntryFor(object @event) => @event switch
    {
        PaymentEvent.Succeeded e => Entry(e.Day, "payment_succeeded", Success(e)),
        PaymentEvent.SplitMade e => Entry(e.Day, "split_made", Shares(e)),
        PaymentEvent.Cancelled e => Entry(e.Day, "payment_cancelled", [
            Dr(Account.Pending(e.Merchant), e.Amount), Cr(Account.Receivable(e.Channel), e.Amount),
            .. Back(e.Merchant, e.Channel, e.Returns)]),
        PaymentEvent.RefundRequested e => Entry(e.Day, "refund_held", [
            Dr(Account.Pending(e.Merchant), e.Amount), Cr(Account.Frozen(e.Merchant), e.Amount)]),
        PaymentEvent.RefundSucceeded e => Entry(e.Day, "refund_succeeded", [
            Dr(Account.Frozen(e.Merchant), e.Amount), Cr(Account.Receivable(e.Channel), e.Amount),
            .. Back(e.Merchant, e.Channel, e.Returns)]),
        PaymentEvent.RefundFailed e => Entry(e.Day, "refund_released", [
            Dr(Account.Frozen(e.Merchant), e.Amount), Cr(Account.Pending(e.Merchant), e.Amount)]),
        ClearingEvent.MerchantCleared e => Entry(e.Day, "merchant_cleared", Cleared(e)),
        SettlementEvent.PayoutSent e => Entry(e.Day, "payout_sent", [
            Dr(Account.Available(e.Merchant), e.Amount), Cr(Account.InTransit(e.Merchant), e.Amount)]),
        SettlementEvent.PayoutConfirmed e => Entry(e.Day, "payout_confirmed", [
            Dr(Account.InTransit(e.Merchant), e.Amount), Cr(Account.Bank, e.Amount)]),
        SettlementEvent.PayoutFailed e => Entry(e.Day, "payout_failed", [
            Dr(Account.InTransit(e.Merchant), e.Amount), Cr(Account.Available(e.Merchant), e.Amount)]),
        SettlementEvent.PayoutReturned e => Entry(e.Day, "payout_returned", [
            Dr(Account.Bank, e.Amount), Cr(Account.Available(e.Merchant), e.Amount)]),
        FundsEvent.Transferred e => Entry(e.Day, "funds_transferred", [
            Dr(Account.Available(e.Merchant), e.Amount), Cr(e.To, e.Amount)]),
        ReconciliationEvent.DifferenceFound e => Entry(e.BookedOn ?? e.Day, "difference_suspended", [
            Dr(Account.Receivable(e.Channel), e.Excess), Cr(Account.Suspense(e.Channel), e.Excess)]),
        ReconciliationEvent.DifferenceTakenBack e => Entry(e.BookedOn ?? e.Day, "difference_taken_back", [
            Dr(Account.Suspense(e.Channel), e.Excess), Cr(Account.Receivable(e.Channel), e.Excess)]),
        ReconciliationEvent.FundsReceived { BookedOn: { } on } e => Entry(
            on, "late_funds_received", Came(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.FundsReceived e => Entry(
            e.Day, "funds_received", Came(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.FundsTakenBack { BookedOn: { } on } e => Entry(
            on, "late_funds_taken_back", Went(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.FundsTakenBack e => Entry(
            e.Day, "funds_taken_back", Went(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.WithdrawalReceived e => Entry(
            e.BookedOn, "withdrawal_received", Came(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.WithdrawalTakenBack e => Entry(
            e.BookedOn, "withdrawal_taken_back", Went(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.RestReceived e => Entry(
            e.BookedOn ?? e.Day, e.BookedOn is null ? "rest_received" : "late_rest_received",
            Came(e.Channel, e.Amount, e.AdvanceRepaid)),
        ReconciliationEvent.RestTakenBack e => Entry(
            e.BookedOn ?? e.Day, e.BookedOn is null ? "rest_taken_back" : "late_rest_taken_back",
            Went(e.Channel, e.Amount, e.AdvanceRepaid)),
        StatementEvent.Explained e => Entry(e.Day, "line_explained", [
            Dr(Account.Bank, e.Amount), Cr(e.As, e.Amount)]),
        StatementEvent.ExplanationTakenBack e => Entry(e.Day, "explanation_taken_back", [
            Dr(e.As, e.Amount), Cr(Account.Bank, e.Amount)]),
        DifferenceEvent.Closed e => Given(e.Day, "difference_closed", e.Channel, e.Shares),
        DifferenceEvent.Met e => Given(e.Day, "difference_met", e.Channel, e.Shares),
        DifferenceEvent.Matched e => Given(e.Day, "difference_matched", e.Channel, e.Shares),
        DifferenceEvent.Reopened e => Given(e.Day, "difference_reopened", e.Channel, e.Shares),
        DifferenceEvent.Undone e => Given(e.Day, "difference_undone", e.Channel, e.Shares),
        _ => null,
    };

    private static JournalLine[] Success(PaymentEvent.Succeeded e) => [
        Dr(Account.Receivable(e.Channel), e.Amount), Cr(Account.Pending(e.Merchant), e.Amount),
        Dr(Account.Pending(e.Merchant), e.Fee), Cr(Account.FeeIncome, e.Fee),
        Dr(Account.Cost(e.Channel), e.Cost), Cr(Account.Receivable(e.Channel), e.Cost)];

    private static JournalLine[] Shares(PaymentEvent.SplitMade e) => [
        Dr(Account.Pending(e.Merchant), Split.Total(e.Shares, e.Shares[0].Amount.Currency)),
        .. e.Shares.Select(share => Cr(Account.Receiver(share.Receiver), share.Amount))];

    private static JournalLine[] Back(MerchantId merchant, Channel channel, Returns returns) => [
        Dr(Account.FeeIncome, returns.Fee), Cr(Account.Pending(merchant), returns.Fee),
        Dr(Account.Receivable(channel), returns.Cost), Cr(Account.Cost(channel), returns.Cost),
        .. returns.Shares.Select(share => Dr(Account.Receiver(share.Receiver), share.Amount)),
        Cr(Account.Pending(merchant), returns.SharesTotal)];

    private static JournalEntry? Given(
        BusinessDay day, string rule, Channel channel, ValueList<SuspenseShare> shares) => Entry(day, rule, [
        .. shares.Select(share => Dr(Account.Suspense(channel), share.Amount)),
        .. shares.Select(share => Cr(share.To, share.Amount))]);

    // A T+0 payout buys the channel's debt from the merchant: the receivable becomes our advance.
    private static JournalLine[] Cleared(ClearingEvent.MerchantCleared e)
    {
        var (merchant, payable) = (e.Position.Merchant, e.Position.Payable);
        var advance = e.Term == SettlementTerm.T0 ? payable : Money.Zero(payable.Currency);
        return [
            Dr(Account.Pending(merchant), payable), Cr(Account.Available(merchant), payable),
            Dr(Account.Advance(e.Channel), advance), Cr(Account.Receivable(e.Channel), advance)];
    }

    // A channel's money came to the bank, repaying first what we had advanced.
    private static JournalLine[] Came(Channel channel, Money amount, Money repaid) => [
        Dr(Account.Bank, amount), Cr(Account.Advance(channel), repaid),
        Cr(Account.Receivable(channel), amount - repaid)];

    // It was something else after all.
    private static JournalLine[] Went(Channel channel, Money amount, Money repaid) => [
        Dr(Account.Advance(channel), repaid), Dr(Account.Receivable(channel), amount - repaid),
        Cr(Account.Bank, amount)];

    // Rules write every line that may occur; what comes to nothing is left out, and an entry of nothing is none.
    private static JournalEntry? Entry(BusinessDay day, string rule, JournalLine[] lines)
    {
        var told = Array.Exists(lines, line => line.Amount.IsZero)
            ? Array.FindAll(lines, line => !line.Amount.IsZero)
            : lines;
        return told.Length == 0 ? null : new(day, rule, told);
    }

    private static JournalLine Dr(Account account, Money amount) => new(account, amount);
    private static JournalLine Cr(Account account, Money amount) => new(account, -amount);
}
