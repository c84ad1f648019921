using Jifu.Ledger.Clearing;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>One of each event that the ledger stores, with every member filled, so that what is derived from events
/// (bytes, postings) can be shown whole. A test asks for an example of each new case.</summary>
public static class EventExamples
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, BusinessDay.Offset);
    private static readonly BusinessDay Day = BusinessDay.Of(At);
    private static readonly MerchantId Merchant = new("m-8");
    private static readonly BatchId Batch = new("wechatpay_2026-11-20_T0_1");
    private const Channel Wechat = Channel.WeChatPay;

    private static readonly ValueList<SplitRule> Rules =
        [new SplitRule(new("agent"), SplitBasis.Rate, 100_000), new SplitRule(new("store"), SplitBasis.Amount, 5_00)];

    private static readonly ValueList<SplitShare> Shares =
        [new SplitShare(new("agent"), Cny(10_00)), new SplitShare(new("store"), Cny(5_00))];

    private static readonly Returns Half =
        new(Cny(30), Cny(10), [new ShareReturn(Payment.SplitByTerms, new("agent"), Cny(5_00))]);

    private static readonly RiskDecision Judgement =
        new(true, [new RuleResult("black_list", RuleVerdict.Pass, "not listed")]);

    private static readonly RefundId Refund = new("R-1");

    public static IEnumerable<object> All =>
        [
            .. Merchants, .. Lists, .. Payments, .. Refunds, .. Clearings, .. Settlements, .. Funds,
            .. Reconciliations, .. Rests, .. StatementExamples.All, .. Differences, .. MatchingRules,
            .. Projections, .. StaffKeys, Advance,
        ];

    private static IEnumerable<MerchantEvent> Merchants =>
    [
        new MerchantEvent.Registered("茶馆 Tea House", "bank-77", At),
        new MerchantEvent.FeePlanSet(new([new ChannelRate(Wechat, new(6_000))], FeeOnRefund.Returned), At),
        new MerchantEvent.SplitRulesSet([Rules[0]], At),
        new MerchantEvent.SettlementTermSet(SettlementTerm.T1, At),
        new MerchantEvent.RiskLimitsSet(new(500_00, null), At),
        new MerchantEvent.ChannelNumbersSet(Wechat, ["1900000999", "1900001000"], At),
        new MerchantEvent.KeyAdded("key-1", KeyAlgorithm.RsaSha256, "5f70bf18a086007016e948b04aed3b82", At),
        new MerchantEvent.KeyRevoked("key-1", At),
    ];

    private static IEnumerable<RiskListEvent> Lists =>
    [
        new RiskListEvent.Listed("payer:p-1", RiskListColour.Black, "chargebacks", At),
        new RiskListEvent.Unlisted("payer:p-1", RiskListColour.Black, "settled", At),
    ];

    private static IEnumerable<PaymentEvent> Payments =>
    [
        new PaymentEvent.Created(
            new(Merchant, "A-1", Cny(100_00), Wechat, PaymentProduct.Micropay, "一杯茶", "p-1", "134650110042887790",
                "https://shop.example/notify", Rules),
            new(FeeQuote.For(Cny(100_00), new(6_000), FeeOnRefund.Returned, new(Wechat, new(2_000),
                FeeOnRefund.Returned)), Shares, Day),
            At),
        new PaymentEvent.Judged(Judgement),
        new PaymentEvent.SentToChannel(Wechat, At),
        new PaymentEvent.Accepted("weixin://pay/1", At),
        new PaymentEvent.OutcomeUnknown("no answer in time", At),
        new PaymentEvent.Succeeded(Merchant, Wechat, Cny(100_00), Cny(60), Cny(20), "4200001", At, Day),
        new PaymentEvent.Failed("NOTENOUGH", "no money on the card", At),
        new PaymentEvent.Closed(At),
        new PaymentEvent.SplitMade(new("S-1"), Merchant, Wechat, Shares, Day, At, Cny(15_00)),
        new PaymentEvent.SplitWithdrawn(new("S-2"), "split_exceeds_payment", At),
        new PaymentEvent.CancelRequested("wrong table", At, Merchant, 1, Cny(94_41)),
        new PaymentEvent.CancelWithdrawn(0, "nobody recorded it", At),
        new PaymentEvent.Cancelled(
            Merchant, Wechat, Cny(100_00), Half with { Fee = Cny(60), Cost = Cny(20) }, "4200002", Day, At,
            Cny(94_41)),
        new PaymentEvent.CancelRefused("TRADE_STATE_ERROR", "too late", At, Merchant, Cny(94_41)),
        new PaymentEvent.ContradictionSeen("amount", "CNY 99.99", "CNY 100.00", At),
    ];

    private static IEnumerable<PaymentEvent> Refunds =>
    [
        new PaymentEvent.RefundRequested(
            Refund, Merchant, Wechat, Cny(50_00), Half, "too cold", "https://shop.example/notify", Day, At, Cny(44_71)),
        new PaymentEvent.RefundWithdrawn(new("R-2"), "refund_exceeds_payment", At),
        new PaymentEvent.RefundOutcomeUnknown(Refund, "no answer in time", At),
        new PaymentEvent.RefundSucceeded(
            Refund, Merchant, Wechat, Cny(50_00), Half, "5030001", At, Day, Cny(44_71), At),
        new PaymentEvent.RefundFailed(
            Refund, Merchant, Wechat, Cny(50_00), "ACCOUNT_ABNORMAL", "card closed", Day, At, Cny(44_71)),
    ];

    private static IEnumerable<ClearingEvent> Clearings =>
    [
        new ClearingEvent.Opened(Wechat, Day, SettlementTerm.T0, 1, [Merchant], At),
        new ClearingEvent.MerchantCleared(
            Batch, Wechat, Day, SettlementTerm.T0,
            new(Merchant, 2, 1, Cny(300_00), Cny(50_00), Cny(1_50), Cny(10_00), Cny(-5_00)), At),
        new ClearingEvent.Closed(1, [Cny(233_50)], [Cny(0)], At),
    ];

    private static IEnumerable<SettlementEvent> Settlements =>
    [
        new SettlementEvent.Ordered(Merchant, Batch, Wechat, Day, SettlementTerm.T0, Cny(233_50), "bank-77", At),
        new SettlementEvent.Judged(Judgement),
        new SettlementEvent.PayoutSent(Merchant, Cny(233_50), $"{Batch}_{Merchant}_CNY_1", Day, At, Cny(233_50)),
        new SettlementEvent.PayoutOutcomeUnknown("no answer in time", At),
        new SettlementEvent.PayoutConfirmed(Merchant, Cny(233_50), "bk-1", Day, At),
        new SettlementEvent.PayoutFailed(Merchant, Cny(233_50), "ACCOUNT_CLOSED", "no such account", Day, At),
        new SettlementEvent.PayoutReturned(
            Merchant, Cny(233_50), $"{Batch}_{Merchant}_CNY_1", "bk-9", "s60303ae22b998861bce3b28f.3", Day, At),
    ];

    private static IEnumerable<FundsEvent> Funds =>
    [
        new FundsEvent.Held(HoldId.Of(new PaymentId("p0a1"), Refund), Merchant, Cny(44_71), At),
        new FundsEvent.Released(
            HoldId.Of(new PaymentId("p0a1"), Refund), Merchant, Cny(44_71), "refund_exceeds_payment", At),
        new FundsEvent.Transferred(
            new("T-1"), Merchant, Account.Available(new("m-9")), Cny(20_00), "rent", Day, At),
        new FundsEvent.OverdraftLimitSet(Merchant, Cny(1_000_00), "contract 7", At),
    ];

    private static IEnumerable<ReconciliationEvent> Reconciliations =>
    [
        new ReconciliationEvent.BillImported(
            Wechat, Day, "bill.csv", "9f86d081884c7d659a2feaa0c55ad015", 3, Cny(303_00), Cny(50_00), Cny(51), At,
            null, "NO_STATEMENT_EXIST"),
        new ReconciliationEvent.DifferenceFound(
            Wechat, Day, "amount_differs", "payment:p0a1", "amount", "CNY 3.00", "CNY 0.01", Cny(2_99), null,
            new("1900000109", "4200001", "p0a1", "4200001"), Cny(1), Cny(3_50)),
        new ReconciliationEvent.BillSuperseded(
            Wechat, Day, "bill-v2.csv", "60303ae22b998861bce3b28f33eec1be", "9f86d081884c7d659a2feaa0c55ad015",
            "channel sent a correction", 3, Cny(303_00), Cny(50_00), Cny(51), At, Day.Next),
        new ReconciliationEvent.DifferenceTakenBack(
            Wechat, Day, "only_at_channel", "payment:p0a1", "line", Cny(2_99), Day.Next),
        new ReconciliationEvent.CarriedTakenBack(Wechat, Day, "payment:p0a2", Day.Next),
        new ReconciliationEvent.Carried(Wechat, Day, "payment:p0a2", Cny(8_00), "ours"),
        new ReconciliationEvent.CarriedMet(Wechat, Day, "payment:p0a2"),
        new ReconciliationEvent.Completed(
            Wechat, Day, 3, 1, 1, 0, Cny(252_49), Cny(249_50), At, TheirPaid: Cny(254_00)),
        new ReconciliationEvent.FundFlowImported(
            Wechat, Day, "flow.csv", "5994471abb01112afcc18159f6cc74b4", 5, Cny(303_00), Cny(50_51), At,
            "9f86d081884c7d659a2feaa0c55ad015", "cut off", Day.Next, ["", "fees"]),
        new ReconciliationEvent.FundsAwaited(Wechat, Day, 1000, [new("payment:p0a2", ["4200002", "p0a2"], Cny(8_00))]),
        new ReconciliationEvent.FundFlowChecked(
            Wechat, Day, 2, 1, Cny(100_00),
            [new("BASIC", 5, Cny(252_49), "line 4 after line 3: …", Cny(1_00), Cny(253_49))],
            [new("payment:p0a2", ["4200002", "p0a2"], Cny(8_00))], "9f86d081884c7d659a2feaa0c55ad015",
            "5994471abb01112afcc18159f6cc74b4", At, 2000, [new("F7", "1900W0001", Cny(100_00), "提现")]),
        new ReconciliationEvent.DifferencesAccepted(
            Wechat, Day, 3, Cny(12_00), Cny(-4_98), 4711, Cny(-1_00), "the channel answers on Monday", "key:mei", At),
        new ReconciliationEvent.WithdrawalReceived(
            Wechat, Day, "F7", Cny(100_00), Cny(60_00), "bk-5", "s60303ae22b998861bce3b28f.2", At, Day.Next),
        new ReconciliationEvent.WithdrawalTakenBack(
            Wechat, Day, "F7", Cny(100_00), Cny(60_00), "bk-5", "s60303ae22b998861bce3b28f.2", "a supplier's", At,
            Day.Next),
        new ReconciliationEvent.FundsReceived(
            Wechat, Day, Cny(252_49), Cny(198_80), "bk-2", At, null, "s60303ae22b998861bce3b28f.1", true),
        new ReconciliationEvent.FundsTakenBack(
            Wechat, Day, Cny(252_49), Cny(198_80), "bk-2", "s60303ae22b998861bce3b28f.1", "a supplier's", At, null,
            true),
    ];

    private static IEnumerable<ReconciliationEvent> Rests =>
    [
        new ReconciliationEvent.RestReceived(
            Wechat, Day, 1, Cny(20_00), Cny(5_00), "bk-6", "s60303ae22b998861bce3b28f.4", At),
        new ReconciliationEvent.RestTakenBack(
            Wechat, Day, 1, Cny(20_00), Cny(5_00), "bk-6", "s60303ae22b998861bce3b28f.4", "a supplier's", At),
    ];

    private static readonly Remedy Everything = new(
        RemedyKind.Hold, Account.Available(Merchant), "key:op-2", new(new(2026, 11, 27)), "R-9", Cny(-12_00));

    private static IEnumerable<DifferenceEvent> Differences =>
    [
        new DifferenceEvent.Opened(
            Wechat, Day, "only_at_channel", "payment:p0a1", "line", "CNY 3.00", "", Cny(2_99), 4711),
        new DifferenceEvent.Proposed(
            1, Everything, "ask the channel", "key:op-1", 0, At),
        new DifferenceEvent.ReversalProposed(2, "it was found", "key:op-1", 2, At),
        new DifferenceEvent.Rejected(2, "not yet", "key:op-2", At),
        new DifferenceEvent.Withdrawn(2, "a mistake", "key:op-1", At),
        new DifferenceEvent.Approved(3, "key:op-2", At),
        new DifferenceEvent.NotCarriedOut(3, "payment_already_closed", At),
        new DifferenceEvent.Closed(
            Wechat, Day, 4, Everything with { Kind = RemedyKind.Adjust }, "key:op-2",
            [new(Account.Available(Merchant), Cny(2_99))], At),
        new DifferenceEvent.Met(
            Wechat, Day, "payment:p0a1", [new(Account.Receivable(Wechat), Cny(2_90))], Cny(9), At),
        new DifferenceEvent.Matched(
            Wechat, Day, "split-refunds", 2, [new("d0a1"), new("d0a2")],
            [new(Account.Receivable(Wechat), Cny(2_98)), new(Account.DifferenceResult(Wechat), Cny(1))], At),
        new DifferenceEvent.Reopened(
            Wechat, Day, "", "it was found", "key:op-2", [new(Account.DifferenceHeld(Wechat), Cny(-2_99))], At, 2,
            new("reversal:d0a1:2")),
        new DifferenceEvent.Undone(
            Wechat, Day, "bill 9f86d0 was replaced", [new(Account.DifferenceResult(Wechat), Cny(-2_99))], At,
            new("difference:d0a1:300")),
    ];

    private static IEnumerable<MatchingRuleEvent> MatchingRules =>
    [
        new MatchingRuleEvent.Proposed(
            2, new(
                MatchingKind.Group, ["only_with_us"], ["SUCCESS"], ["success"], Wechat, 2, 100,
                AccountKind.DifferenceResult, new("only_with_us", "refund:{order}"),
                new("only_at_channel", "refund:*", "refund", "1900*", "50*", "{order}", "42*", 1, 500_00), 3,
                new(Merchant: "m-8"), 20, 3),
            "split refunds", "key:op-1", At),
        new MatchingRuleEvent.Approved(2, "key:op-2", At),
        new MatchingRuleEvent.Rejected(3, "too wide", "key:op-2", At),
        new MatchingRuleEvent.Retired(2, "no longer needed", "key:op-1", At),
    ];

    private static IEnumerable<ProjectionEvent> Projections =>
        [new ProjectionEvent.EventSkipped("journal", 4711, "payment.succeeded", "written by a faulty build", At)];

    private static IEnumerable<StaffKeyEvent> StaffKeys =>
    [
        new StaffKeyEvent.Added("op_1", "operator", "5f70bf18a086007016e948b04aed3b82", At, "李雷 Li Lei"),
        new StaffKeyEvent.Revoked("op_1", At),
    ];

    private static AdvanceEvent Advance => new AdvanceEvent.Claimed(
        Wechat, [new(Day, 7, "funds", Cny(60_00)), new(Day.Next, 3, "withdrawal:F7", Cny(10_00))], At);

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
