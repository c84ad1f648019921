using System.IO.Compression;
using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>The business detail (业务明细) of a zip and its summary (业务汇总) must say the same.</summary>
public class AlipaySummaryTests
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    private static readonly ReconciliationCase Fixture = ReconciliationCase.Named("alipay/all-matched");

    private static readonly (string Detail, string Summary) Bills = Unpacked();

    // Both the only store's row and the sum below it, so that the summary is right in itself.
    [Theory]
    [InlineData(",3,1,", ",9,1,", 7, "expected 3 as in the detail (payments), not '9'")]
    [InlineData(",3,1,", ",3,2,", 9, "expected 1 as in the detail (refunds), not '2'")]
    [InlineData(",3,1,", ",3,0,", 9, "expected 1 as in the detail (refunds), not '0'")]
    [InlineData(",1,85.81,", ",1,999.00,", 11, "expected 85.81 as in the detail (order_amount), not '999.00'")]
    [InlineData(",85.81,0", ",125.81,0", 17, "expected 85.81 as in the detail (received), not '125.81'")]
    [InlineData("-0.51", "-88.00", 38, "expected -0.51 as in the detail (service_fee), not '-88.00'")]
    [InlineData("-0.51,0.00", "-0.51,-1.00", 44, "expected 0.00 as in the detail (share), not '-1.00'")]
    [InlineData("85.30", "86.32", 49, "expected 85.30 as in the detail (net), not '86.32'")]
    public void Each_sum_of_the_summary_is_held_against_the_detail(string right, string wrong, int column, string told)
    {
        var summary = OneStore.Replace(right, wrong, StringComparison.Ordinal);
        summary.ShouldNotBe(OneStore);
        var refused = $"bill.zip/s.csv:7:{column}: bill_totals_differ: {told}";

        Read(("d.csv", Bills.Detail), ("s.csv", summary)).ShouldBe(refused);
        Read(("s.csv", summary), ("d.csv", Bills.Detail)).ShouldBe(refused);
        Read(("s.csv", summary)).ShouldBe("0 rows");
    }

    [Fact]
    public void Fees_without_a_sign_are_the_same_fees() =>
        Read(("d.csv", Bills.Detail), ("s.csv", OneStore.Replace("-0.51", "0.51", StringComparison.Ordinal)))
            .ShouldBe("4 rows");

    [Fact]
    public void An_order_refunded_twice_may_be_counted_once()
    {
        var (once, lines) = ("-40.00,-40.00,", Bills.Detail.Split("\r\n").ToList());
        var refund = lines.FindIndex(line => line.Contains(once, StringComparison.Ordinal));
        var half = lines[refund].Replace(once, "-20.00,-20.00,", StringComparison.Ordinal);
        lines[refund] = half.Replace(",0.24,", ",0.12,", StringComparison.Ordinal);
        lines.Insert(refund, lines[refund].Replace("p01.r1", "p01.r2", StringComparison.Ordinal));
        var detail = string.Join("\r\n", lines).Replace("退款合计：1笔", "退款合计：2笔", StringComparison.Ordinal);

        foreach (var refunds in new[] { 1, 2 })
            Read(("d.csv", detail), ("s.csv", OneStore.Replace(",3,1,", $",3,{refunds},", StringComparison.Ordinal)))
                .ShouldBe("5 rows");
    }

    private static string OneStore => string.Join("\r\n", Bills.Summary.Split("\r\n")
        .Where(line => !line.StartsWith("S2", StringComparison.Ordinal))
        .Select(line => line.StartsWith("S1", StringComparison.Ordinal)
            ? "S1\t,\t,3,1,85.81,85.81,0.00,0.00,0.00,-0.51,0.00,85.30"
            : line));

    private static string Read(params (string Name, string Text)[] entries)
    {
        using var zip = new MemoryStream(
            Packed.Zip([.. entries.Select(entry => (entry.Name, Gbk.GetBytes(entry.Text)))]));
        try
        {
            return $"{BillFile.Open(zip, "bill.zip", Fixture.Expectation).Sum(bill => bill.Lines.Count())} rows";
        }
        catch (BillRejectedException refused)
        {
            return refused.Message;
        }
    }

    private static (string Detail, string Summary) Unpacked()
    {
        using var zip = ZipFile.OpenRead(Fixture.BillPath);
        var texts = zip.Entries.Select(entry =>
        {
            using var text = new StreamReader(entry.Open(), Gbk);
            return text.ReadToEnd();
        }).ToList();
        return (texts[0], texts[1]);
    }
}
