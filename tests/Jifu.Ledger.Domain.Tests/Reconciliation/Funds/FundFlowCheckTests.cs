using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Funds;

public class FundFlowCheckTests
{
    private static readonly BusinessDay Day = new(new(2026, 7, 1));

    [Fact]
    public void Every_fen_that_moved_is_a_trades_a_gap_or_a_withdrawal()
    {
        var files =
            from trades in Gen.ArrayOf(
                from number in Gen.Choose(0, 9)
                from isRefund in Gen.Elements(false, false, true)
                from amount in Gen.Choose(1, 500)
                from isLate in Gen.Elements(false, false, true)
                select (number, isRefund, amount, isLate))
            from flow in Gen.ArrayOf(
                from number in Gen.Choose(0, 12)
                from amount in Gen.Choose(-500, 500)
                from business in Gen.Elements("交易", "退款", "提现")
                select (number, amount, business))
            select (trades, flow);
        Prop.ForAll(Arb.From(files), file =>
        {
            var trades = file.trades.Select((one, at) => Trade(at, one.number, one.isRefund, one.amount, one.isLate));
            var flow = file.flow.Select((one, at) => Move(at, $"pay{one.number}", one.amount, one.business)).ToList();
            AwaitedMoney before = new("payment:old", ["pay12"], Fen(77));
            var check = FundFlowCheck.Of(Day, flow, [.. trades], [before], new Dictionary<string, Money>());

            var nets = trades.Sum(trade => trade.Net.MinorUnits) + before.Net.MinorUnits;
            flow.Sum(row => row.Amount.MinorUnits).ShouldBe(
                nets + check.Gaps.Sum(gap => gap.Excess.MinorUnits)
                - check.Awaited.Sum(one => one.Net.MinorUnits) - check.Withdrawn.MinorUnits);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261121, 21));
    }

    [Theory]
    [InlineData("提现", true)]
    [InlineData("充值", true)]
    [InlineData("手续费账户充值", true)]
    [InlineData("提现手续费", false)]
    [InlineData("提现服务费退回", false)]
    [InlineData("转账到银行卡手续费", false)]
    [InlineData("结算到银行卡", true)]
    [InlineData("转账到银行卡", false)]
    [InlineData("转账到银行", false)]
    public void What_a_withdrawal_costs_does_not_go_to_our_bank(string business, bool isOurs)
    {
        var check = FundFlowCheck.Of(Day, [Move(1, "", -500, business)], [], [], new Dictionary<string, Money>());
        (check.Withdrawn.MinorUnits, check.Gaps.Count).ShouldBe(isOurs ? (500, 0) : (0, 1));
    }

    [Fact]
    public void Each_movement_that_no_trade_explains_is_told_by_itself_also_under_one_number()
    {
        var check = FundFlowCheck.Of(
            Day, [Move(1, "", -800, "红包退回"), Move(1, "", 300, "保证金")], [], [], new Dictionary<string, Money>());
        check.Gaps.Select(gap => $"{gap.Key} {gap.Theirs}").ShouldBe(
            ["flow:F1 CNY -8.00 红包退回", "flow:F1.2 CNY 3.00 保证金"]);
    }

    [Fact]
    public void Withdrawals_are_told_one_by_one_as_the_bank_should_have_them()
    {
        FundFlowLine twice = Move(4, "w4", -100, "提现");
        var check = FundFlowCheck.Of(
            Day,
            [
                Move(1, "w1", -500, "提现"), Move(2, "w1", 500, "提现退回"), Move(3, "w3", 700, "充值"), twice, twice,
            ],
            [], [], new Dictionary<string, Money>());
        check.Withdrawals.Select(one => $"{one.Number} {one.Reference} {one.Amount} {one.IsReturn}").ShouldBe([
            "F1 w1 CNY 5.00 False", "F2 w1 CNY -5.00 True", "F3 w3 CNY -7.00 False", "F4 w4 CNY 1.00 False",
            "F4.2 w4 CNY 1.00 False",
        ]);
        check.Withdrawn.ShouldBe(Fen(-500));
    }

    [Fact]
    public void What_is_too_much_for_one_event_is_told_as_unexplained()
    {
        var flow = Enumerable.Range(0, 2_003).Select(at => Move(at, "", -1, "提现")).ToList();
        var check = FundFlowCheck.Of(Day, flow, [], [], new Dictionary<string, Money>());
        (check.Withdrawals.Count, check.Gaps.Count, check.Withdrawn).ShouldBe((2_000, 3, Fen(2_000)));
    }

    [Fact]
    public void A_late_trade_is_awaited_for_a_day_and_missing_after_it()
    {
        var late = Trade(1, 1, false, 500, isLate: true);
        var today = FundFlowCheck.Of(Day, [], [late], [], new Dictionary<string, Money>());
        (today.Gaps.Count, today.Awaited.ShouldHaveSingleItem().Key).ShouldBe((0, late.Key));

        FundFlowCheck Next(params FundFlowLine[] flow) =>
            FundFlowCheck.Of(Day.Next, flow, [], today.Awaited, new Dictionary<string, Money>());
        Next(Move(1, "pay1", 499, "交易")).ShouldSatisfyAllConditions(
            check => check.Matched.ShouldBe(1), check => check.Gaps.ShouldBeEmpty());
        Next().Gaps.ShouldHaveSingleItem().ShouldBe(
            new("funds_missing", late.Key, "", "CNY 4.99", Fen(-499), Fen(499)));
    }

    [Fact]
    public void What_was_paid_last_night_and_given_back_today_is_one_sum_of_todays_money()
    {
        var paid = Trade(1, 1, false, 500, isLate: true);
        var awaited = FundFlowCheck.Of(Day, [], [paid], [], new Dictionary<string, Money>()).Awaited;
        var refund = Trade(2, 1, true, 500, isLate: false);
        FundFlowCheck Next(BillLine back, params FundFlowLine[] flow) =>
            FundFlowCheck.Of(Day.Next, flow, [back], awaited, new Dictionary<string, Money>());

        var (came, gone) = (Move(1, "pay1", 499, "交易"), Move(2, "refund2", -500, "退款"));
        var both = Next(refund, came, gone);
        (both.Matched, both.Gaps.Count).ShouldBe((1, 0));
        Next(refund, gone).Gaps.ShouldHaveSingleItem().Excess.ShouldBe(Fen(-499));
        Next(refund).Gaps.ShouldHaveSingleItem().ShouldBe(
            new("funds_missing", refund.Key, "", "CNY -0.01", Fen(1), Fen(-1), new("", "refund2", "", "pay1")));

        // Given back just before midnight, it may move on the day after.
        var late = refund with { At = Day.Next.Next.Start.AddMinutes(-1) };
        var half = Next(late, came);
        half.Gaps.ShouldBeEmpty();
        half.Awaited.ShouldHaveSingleItem().Net.ShouldBe(Fen(-500));
    }

    [Fact]
    public void Balances_of_several_accounts_follow_each_from_its_own()
    {
        FundFlowLine Row(string account, int at, long fen, long holds) => new(
            Day.Start.AddMinutes(at), $"F{at}", "", "", "交易", Fen(fen), Fen(holds), account, "", at);
        FundFlowLine[] flow =
            [Row("basic", 1, 500, 1_500), Row("fees", 2, -30, 70), Row("basic", 3, 200, 1_700), Row("fees", 4, -1, 68)];
        var chains = BalanceChain.OfEach(flow, new Dictionary<string, Money> { ["basic"] = Fen(1_000) });
        chains.Select(one => (one.Account, one.Chain.Closing, one.Chain.Break?.LineNo)).ShouldBe(
            [("basic", Fen(1_700), null), ("fees", null, 4)]);
    }

    private static BillLine Trade(int at, int number, bool isRefund, long fen, bool isLate) => new(
        isRefund ? BillLineKind.Refund : BillLineKind.Payment, $"n{at}", isRefund ? $"refund{at}" : $"pay{number}",
        Fen(fen), Fen(isRefund ? 0 : 1), null, isLate ? Day.Next.Start.AddMinutes(-1) : Day.Start.AddHours(1), at,
        PaymentReference: isRefund ? $"pay{number}" : "");

    private static FundFlowLine Move(int at, string reference, long fen, string business) => new(
        Day.Start.AddHours(1), $"F{at}", reference, "", business, Fen(fen), null, "", "", at);

    private static Money Fen(long fen) => new(fen, Currency.CNY);
}
