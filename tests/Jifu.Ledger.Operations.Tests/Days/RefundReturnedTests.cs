using System.Text;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Days;

using static RefundDayTests;

/// <summary>A refund that the bill had and that came to nothing (退款关闭): the fund flow brings its money back.</summary>
public class RefundReturnedTests
{
    [Theory]
    [InlineData("5001", "", false)]
    [InlineData("", "R-1", false)]
    [InlineData("5001", "", true)]
    public async Task One_that_fails_after_the_bill_had_it_meets_the_money_that_comes_back(
        string reference, string voucher, bool isHeld)
    {
        await using var house = await Refunding();
        await Import(house, Friday, Paid, Refunded);
        var row = (await Differences(house)).ShouldHaveSingleItem();
        if (isHeld)
            await Held(house, row);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await Import(house, Saturday);
        voucher = voucher.Length > 0 ? $"{Payment}.{voucher}" : "";
        await ImportFlow(
            house, Saturday, $"09:00:00,{reference},F1,退款关闭,收入,10.00,110.00,{voucher}",
            $"09:00:00,{reference},F2,扣除交易手续费,支出,0.04,109.96,{voucher}",
            "10:00:00,5999,F3,退款关闭,收入,10.00,119.96,");

        // While the refund may still succeed nobody takes it for undone.
        (await Differences(house)).Count(one => one.Status == "open").ShouldBe(isHeld ? 3 : 4);
        await Tell(house, new PaymentCommand.FailRefund(R1, "CLOSED", "card closed", Saturday, house.Clock.Now));
        await Import(house, Saturday);
        (await Differences(house)).Where(one => one.Status != "closed").Select(one => one.Key).ShouldBe(["flow:F3"]);
        (await Suspense(house)).ShouldBe(10_00);
        (await Balance(house, Account.DifferenceHeld(Channel.WeChatPay))).ShouldBe(0);

        // A corrected fund flow without it: all of it is open again.
        await ImportFlow(house, Saturday, "10:00:00,5999,F3,退款关闭,收入,10.00,110.00,");
        (await Differences(house)).Where(one => one.Found).Select(one => (one.Key, one.Status)).ShouldBe(
            [($"refund:{Payment}.R-1", "open"), ("flow:F3", "open")], ignoreOrder: true);
        (await Suspense(house)).ShouldBe(4);
    }

    private static async Task Held(House house, DifferenceLifeRow row)
    {
        (await house.Differences.Propose(
            new(row.DifferenceId), new(RemedyKind.Hold, Owner: "mei", Due: Saturday.Next), "where is it", default,
            new("key:mei", "test"), default)).Refusal.ShouldBeNull();
        (await house.Differences.Approve(new(row.DifferenceId), 1, new("key:bo", "test"), default))
            .Refusal.ShouldBeNull();
    }

    private static async Task ImportFlow(House house, BusinessDay day, params string[] rows)
    {
        var text = new StringBuilder("记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号\r\n");
        foreach (var c in rows.Select(row => row.Split(',')))
            text.Append($"`{day} {c[0]},`{c[1]},`{c[2]},`{c[3]},`{c[3]},`{c[4]},`{c[5]},`{c[6]},`API,`,`{c[7]}\r\n");
        var sums = rows.Select(row => row.Split(',')).ToLookup(row => row[4], row => decimal.Parse(row[5]));
        text.Append("资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\r\n");
        text.Append($"`{rows.Length},`{sums["收入"].Count()},`{sums["收入"].Sum():0.00},")
            .Append($"`{sums["支出"].Count()},`{sums["支出"].Sum():0.00}\r\n");
        (await house.Reconciliation.Import(
            Channel.WeChatPay, day, new("flow.csv", Encoding.UTF8.GetBytes($"{text}")), "as it came", House.By,
            default)).Refusal.ShouldBeNull();
    }
}
