using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>A byte that is no text is told where it stands, however far ahead of the rows a file is decoded.</summary>
public class BrokenTextTests
{
    [Fact]
    public void A_byte_amid_a_GB18030_file_is_told_with_its_line_and_bytes()
    {
        var gb = SeparatedText.Strict(isUtf8: false);
        byte[] file =
        [
            .. gb.GetBytes("订单号,金额,备注\n"),
            .. gb.GetBytes(string.Concat(Enumerable.Range(2, 24).Select(line => $"N{line},1.00,茶叶\n"))),
            .. gb.GetBytes("N26,2.00,茶"), 0xFF, 0xFF, .. gb.GetBytes("叶\nN27,3.00,茶叶\n"),
        ];
        var mapping = new OrderMapping { Number = "订单号", Amount = "金额", Encoding = OrderEncoding.Gb18030 };

        Should.Throw<BillRejectedException>(() => OrderFile.Lines(new MemoryStream(file), "o.csv", mapping).Count())
            .Message.ShouldBe("o.csv:26:11: bill_not_utf8: expected text in GB18030, not the byte FF");
    }

    [Fact]
    public void A_byte_far_behind_in_a_UTF_8_file_is_told_with_its_line_and_bytes()
    {
        byte[] file =
        [
            .. "\uFEFF订单号,金额,备注\r\n"u8,
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(2, 2025).Select(line => $"N{line},1.00,茶叶\r\n"))),
            .. "N2027,2.00,𠮷"u8, 0xE8, 0x8C, .. "\r\n"u8,
        ];
        var mapping = new OrderMapping { Number = "订单号", Amount = "金额" };

        Should.Throw<BillRejectedException>(() => OrderFile.Lines(new MemoryStream(file), "o.csv", mapping).Count())
            .Message.ShouldBe("o.csv:2027:13: bill_not_utf8: expected text in UTF-8, not the bytes E8 8C");
    }

    [Fact]
    public void An_export_whose_columns_are_to_be_guessed_is_told_the_same()
    {
        var path = Path.GetTempFileName();
        var gb = SeparatedText.Strict(isUtf8: false);
        File.WriteAllBytes(
            path, [.. gb.GetBytes("订单号,金额\nN2,1.00\n茶"), 0xFF, 0xFF, .. gb.GetBytes(",1.00\n")]);

        Should.Throw<BillRejectedException>(() => OrderSample.Read(path)).Message
            .ShouldEndWith(":3:2: bill_not_utf8: expected text in UTF-8 or GB18030, not the byte FF");
        File.Delete(path);
    }
}
