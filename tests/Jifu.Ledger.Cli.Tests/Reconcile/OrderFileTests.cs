using Jifu.Ledger.Cli.Reconcile;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Tests.Reconcile;

/// <summary>What people are told of orders that are no CSV.</summary>
public sealed class OrderFileTests : IDisposable
{
    private static readonly string Bill = Path.Combine(
        AppContext.BaseDirectory.Split("/tests/")[0], "docs", "examples", "wechatpay-bill.csv");

    private readonly string _folder = Directory.CreateTempSubdirectory("jifu-orders-").FullName;

    [Fact]
    public async Task A_cell_of_a_workbook_is_named_as_Excel_names_it()
    {
        var path = Path.Combine(_folder, "orders.xlsx");
        using (var stream = File.Create(path))
        using (var writer = new WorkbookWriter(stream, DateTimeOffset.UnixEpoch.AddYears(50)))
        {
            var table = writer.Table("订单", [new("订单号"), new("品名"), new("金额")]);
            table.Text("SO20261120000001").Text("茶, \"绿\"").Text("100.00").EndRow();
            table.Text("SO20261120000002").Text("茶").Text("25.80").EndRow();
            table.Text("SO20261120000003").Text("茶, \"红\"").Text("0.O1").EndRow();
        }

        (await Told(path)).ShouldContain(
            "orders.xlsx: C4: bill_amount_malformed: expected yuan with at most 2 decimals, not '0.O1'");
    }

    [Fact]
    public async Task An_archive_is_no_workbook_and_what_is_taken_is_said()
    {
        var path = Path.Combine(_folder, "orders.zip");
        using (var zip = await System.IO.Compression.ZipFile.OpenAsync(
            path, System.IO.Compression.ZipArchiveMode.Create))
            zip.CreateEntry("orders.csv");

        (await Told(path)).ShouldContain(
            "orders.zip: an archive is not taken as orders: unpack it; a CSV file or an Excel workbook (.xlsx) is "
            + "expected");
    }

    [Fact]
    public async Task A_bill_and_orders_that_are_swapped_are_told_so() =>
        (await Told(Bill, Path.Combine(Path.GetDirectoryName(Bill)!, "orders.csv"))).ShouldContain(
            "wechatpay-bill.csv is a bill: say --bill wechatpay-bill.csv --orders orders.csv");

    [Fact]
    public async Task An_empty_file_is_told_as_such()
    {
        var path = Path.Combine(_folder, "orders.csv");
        await File.WriteAllTextAsync(path, "\n");
        (await Told(path)).ShouldContain("orders.csv:1:1: bill_empty: expected an order export; the file is empty");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<string> Told(string orders, string? bill = null)
    {
        var (before, told) = (Console.Error, new StringWriter());
        Console.SetError(TextWriter.Synchronized(told));
        try
        {
            (await OfflineRun.Run(
                new(bill is null ? Channel.WeChatPay : null, new(bill ?? Bill), new(orders), null, false, null, false,
                    null, new Dictionary<string, string>(), null, true, false, CsvProfile.Machine, null, 0, 0),
                default)).ShouldBe(ExitCodes.Usage);
        }
        finally
        {
            Console.SetError(before);
        }

        return told.ToString();
    }
}
