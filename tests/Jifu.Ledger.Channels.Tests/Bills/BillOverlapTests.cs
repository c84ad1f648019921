using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>What may stand in one archive although it looks alike; what may not has its cases in
/// reconciliation-fixtures.</summary>
public class BillOverlapTests
{
    private static readonly byte[] Refunds = File.ReadAllBytes(
        ReconciliationCase.Named("wechatpay/layout-of-refund-bill").BillPath);

    [Fact]
    public void Accounts_on_which_nothing_moved_have_the_same_bill()
    {
        var flow = Encoding.UTF8.GetBytes(
            "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,"
            + "业务凭证号\n资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`0,`0,`0.00,`0,`0.00\n");

        Read(Packed.Zip(("Basic.csv", flow), ("Operation.csv", flow), ("Fees.csv", flow))).ShouldBe("3 bills");
    }

    [Fact]
    public void Merchants_have_a_bill_each() =>
        Read(Packed.Zip(("1.csv", Refunds), ("2.csv", Changed("1900000109", "1900000110")))).ShouldBe("2 bills");

    [Fact]
    public void Days_have_a_bill_each_even_when_a_refund_succeeds_on_the_next() =>
        Read(Packed.Zip(("1.csv", Changed(",`2026-07-01", ",`2026-07-02", last: true)),
            ("2.csv", Changed("2026-07-01", "2026-07-02")))).ShouldBe("2 bills");

    [Fact]
    public void What_was_taken_before_is_still_listed_as_it_was()
    {
        var twice = Packed.Zip(("1.csv", Refunds), ("1 (1).csv", Refunds));

        Read(twice).ShouldStartWith("bill.zip/1 (1).csv:2:1: bill_overlaps: expected another bill than");
        Read(twice, new(WasTaken: true)).ShouldBe("2 bills");
    }

    private static byte[] Changed(string old, string changed, bool last = false)
    {
        var text = Encoding.UTF8.GetString(Refunds);
        var at = last ? text.LastIndexOf(old, StringComparison.Ordinal) : 0;
        return Encoding.UTF8.GetBytes(text[..at] + text[at..].Replace(old, changed, StringComparison.Ordinal));
    }

    private static string Read(byte[] zip, BillExpectation? expected = null)
    {
        try
        {
            var bills = BillFile.Open(new MemoryStream(zip), "bill.zip", expected ?? new());
            return $"{bills.Count(bill => bill.Lines.Count() + bill.FundFlow.Count() >= 0)} bills";
        }
        catch (BillRejectedException refused)
        {
            return refused.Message;
        }
    }
}
