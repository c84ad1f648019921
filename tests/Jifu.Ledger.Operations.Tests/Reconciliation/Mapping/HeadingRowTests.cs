using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>Which line of an export has the headings, where a spreadsheet has made all lines equally long.</summary>
public sealed class HeadingRowTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-headings-").FullName;

    [Theory]
    [InlineData("订单明细,,,\n")]
    [InlineData("订单明细,,,\n导出时间,2026-11-21,,\n,,,\n")]
    [InlineData("订单明细,导出人,王五,\n")]
    [InlineData("")]
    public void Titles_that_a_spreadsheet_has_filled_up_are_passed_over(string titles)
    {
        var path = Path.Combine(_folder, "orders.csv");
        File.WriteAllText(
            path, $"{titles}订单号,金额,支付时间,备注\nP1,100.00,2026-11-20,\nP2,25.80,2026-11-20,急\n");
        var sample = OrderSample.Read(path);
        (sample.Headings[0], sample.Rows.Count).ShouldBe(("订单号", 2));
    }

    [Fact]
    public void A_heading_may_be_missing()
    {
        var path = Path.Combine(_folder, "orders.csv");
        File.WriteAllText(path, ",订单号,金额,备注\n1,P1,100.00,茶\n2,P2,25.80,茶\n");
        OrderSample.Read(path).Headings[1].ShouldBe("订单号");
    }

    [Fact]
    public void A_workbook_may_begin_with_a_title()
    {
        var (book, csv) = (Path.Combine(_folder, "orders.xlsx"), Path.Combine(_folder, "made.csv"));
        using (var stream = File.Create(book))
        using (var writer = new WorkbookWriter(stream, DateTimeOffset.UnixEpoch.AddYears(50)))
        {
            var table = writer.Table("订单", [new("订单明细"), new(""), new("")]);
            table.Text("订单号").Text("金额").Text("支付时间").EndRow();
            table.Text("P1").Text("100.00").Text("2026-11-20 08:00:00").EndRow();
        }

        OrderSheet.ToCsv(book, csv, CancellationToken.None);
        var sample = OrderSample.Read(csv);
        (sample.HeadingLine, sample.Headings[1], sample.Rows.Count).ShouldBe((2, "金额", 1));
    }

    [Fact]
    public void An_older_workbook_is_told_from_text()
    {
        var path = Path.Combine(_folder, "orders.xls");
        File.WriteAllBytes(path, [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. Encoding.ASCII.GetBytes("rows")]);
        Should.Throw<WorkbookRejectedException>(() => OrderSheet.IsWorkbook(path)).Message.ShouldContain(
            "not an older .xls: save it as .xlsx in Excel");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
