using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>How an export is divided into cells, which nobody says.</summary>
public sealed class OrderSampleTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-sample-").FullName;

    [Theory]
    [InlineData(',')]
    [InlineData('\t')]
    [InlineData(';')]
    [InlineData('|')]
    public void Quotes_hide_no_separator(char separator)
    {
        var sample = Read("\"订单号\"S\"金额\"\n\"p1\"S\"1.00\"\n".Replace('S', separator));
        (sample.Separator, sample.Headings[1], sample.Rows[0][1]).ShouldBe((separator, "金额", "1.00"));

        sample = Read("订单号S金额\np1S1.00\n\"p,2\"S2.00\n".Replace('S', separator));
        (sample.Separator, sample.Headings[1], sample.Rows[1][0]).ShouldBe((separator, "金额", "p,2"));
    }

    [Fact]
    public void A_quote_that_nothing_can_follow_is_told_with_its_place() =>
        Should.Throw<BillRejectedException>(() => Read("订单号,金额\np1,1.00\n\"p2\"x,1.00\n")).Message.ShouldBe(
            "orders.csv:3:5: bill_row_malformed: expected a separator or the line's end after a quote");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private OrderSample Read(string orders)
    {
        var path = Path.Combine(_folder, "orders.csv");
        File.WriteAllText(path, orders);
        return OrderSample.Read(path);
    }
}
