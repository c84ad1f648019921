using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>One of each event of bank statements.</summary>
internal static class StatementExamples
{
    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, BusinessDay.Offset);
    private static readonly BusinessDay Day = BusinessDay.Of(At);

    public static IEnumerable<StatementEvent> All =>
    [
        new StatementEvent.MappingSaved(
            "cmb-basic",
            new(
                "日期", "yyyyMMdd", "gb18030", ",", 3, "时间", "HH:mm:ss", "金额", false, "借贷标志", "借|D", "收入", "支出",
                "余额", "流水号", "对方户名", "摘要", null, "alipay=支付宝|网商银行", "2026-11-20", "贷|C", "back",
                "CNY"),
            At),
        new StatementEvent.LineRead(
            "cmb-basic", "s60303ae22b998861bce3b28f.1", At, Cny(252_49), "bk-2", "财付通", "结算款",
            "60303ae22b998861bce3b28f33eec1be", 5, Cny(1_252_49)),
        new StatementEvent.Imported(
            "cmb-basic", "nov.csv", "60303ae22b998861bce3b28f33eec1be", 30, 12, Day, Day.Next, "", At),
        new StatementEvent.Matched(
            "cmb-basic", "s60303ae22b998861bce3b28f.1", ["funds:wechatpay:2026-11-20"], Cny(252_49), "confirmed", true,
            At, [new("funds:wechatpay:2026-11-20", Cny(252_49))], "key:op-2",
            ["s60303ae22b998861bce3b28f.1", "s60303ae22b998861bce3b28f.2"]),
        new StatementEvent.MatchUndone(
            "cmb-basic", "s60303ae22b998861bce3b28f.1", ["funds:wechatpay:2026-11-20"], "another company's", At),
        new StatementEvent.ExplanationProposed(
            "s60303ae22b998861bce3b28f.1-7", "cmb-basic", ["s60303ae22b998861bce3b28f.1"],
            ["funds:wechatpay:2026-11-20"], Cny(-1_00), Account.BankFee, "the bank's notice", "key:op-1", At),
        new StatementEvent.ExplanationRejected(
            "s60303ae22b998861bce3b28f.1-7", "it is the channel's", "key:op-2", At),
        new StatementEvent.Explained(
            "s60303ae22b998861bce3b28f.1-7", "cmb-basic", "s60303ae22b998861bce3b28f.1", Cny(1_00),
            Account.BankInterest, "the bank's notice", "key:op-1", "key:op-2", Day, At),
        new StatementEvent.ExplanationTakenBack(
            "cmb-basic", "s60303ae22b998861bce3b28f.1", Cny(1_00), Account.BankInterest, "a supplier's", Day, At),
    ];

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
