using System.Text;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

public class TradeBillWriterTests
{
    [Fact]
    public void A_bill_is_written_byte_for_byte_as_the_channel_writes_it()
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, [Bill.Payment, Bill.Refund]);

        var text = Encoding.UTF8.GetString(file.ToArray());
        text.ShouldStartWith("\uFEFF交易时间,");
        text.ReplaceLineEndings("\r\n").ShouldBe(text);
        text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\uFEFF')
            .ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void What_the_format_cannot_hold_is_replaced()
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, [Bill.Payment with { Product = "tea,`milk\r\nsugar" }]);

        Encoding.UTF8.GetString(file.ToArray()).ShouldContain(",`tea,'milk sugar,`");
    }
}
