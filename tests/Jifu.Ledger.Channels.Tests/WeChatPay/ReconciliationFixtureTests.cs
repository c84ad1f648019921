using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

public class ReconciliationFixtureTests
{
    public static TheoryData<string> Cases =>
        new(ReconciliationCase.Folders("wechatpay").Select(folder => Path.GetFileName(folder)));

    [Theory, MemberData(nameof(Cases))]
    public void A_bill_and_our_books_compare_as_expected(string name)
    {
        var folder = ReconciliationCase.Folders("wechatpay").Single(path => Path.GetFileName(path) == name);
        var fixture = new ReconciliationCase(folder);

        Told(fixture).ShouldBe(fixture.Expected);
    }

    private static string Told(ReconciliationCase fixture)
    {
        try
        {
            using var bill = fixture.OpenBill();
            var summary = TradeBillReader.Check(bill, "bill.csv", fixture.Day, fixture.MerchantNumber);
            bill.Position = 0;
            var rows = TradeBillReader.Rows(bill, "bill.csv").Select(each => each.Row.ToBillLine(each.Line));
            return Told(summary, Comparison.Compare(rows, fixture.Ours));
        }
        catch (BillRejectedException refused)
        {
            return $"refused  {refused.Message}\n";
        }
    }

    private static string Told(BillSummary bill, Comparison compared)
    {
        var told = new StringBuilder();
        Tell("rows", $"{bill.Rows}, settled {bill.Settled}, refunded {bill.Refunded}, "
            + $"fee 1e-5 x {bill.FeeHundredThousandths}");
        Tell("matched", $"{compared.Matched}");
        foreach (var found in compared.Discrepancies)
            Tell(found.Class, $"{found.Key} {found.Field} [{found.Theirs}] ours [{found.Ours}] excess {found.Excess}");
        foreach (var cutOff in compared.Carried)
            Tell(cutOff.Class, $"{cutOff.Key} carried {cutOff.Side} {cutOff.Amount} at {cutOff.Ours}");
        foreach (var met in compared.CarriedMet)
            Tell("met", $"{met.Line.Key} {met.Side}");
        foreach (var lost in compared.CarriedLost)
            Tell("lost", $"{lost.Line.Key} {lost.Side}");
        Tell("net", $"{compared.TheirNet} ours {compared.OurNet}");
        return $"{told}";

        void Tell(string what, string said) => told.Append(what.PadRight(15)).Append(' ').Append(said).Append('\n');
    }
}
