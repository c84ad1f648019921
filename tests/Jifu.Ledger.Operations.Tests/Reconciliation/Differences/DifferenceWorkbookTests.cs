using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Validation;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;
using DataValidation = DocumentFormat.OpenXml.Spreadsheet.DataValidation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>The list of differences to Excel and back.</summary>
public class DifferenceWorkbookTests
{
    [Fact]
    public async Task What_is_filled_in_is_proposed_whole_or_not_at_all()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(
            Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00), Paid("B3", 3_00));
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, await desk.Live(), Friday.Next);
        var rows = Rows(download);
        rows.Count.ShouldBe(4);
        var heading = rows[0].ToList();

        // Somebody fills it in, moves a column and sorts the rows.
        var one = new Dictionary<string, string> { ["处理"] = "核销", ["处理原因"] = "尾差" };
        var two = new Dictionary<string, string> { ["处理"] = "hold", ["处理原因"] = "ask", ["责任人"] = "mei" };
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        var wrong = await upload.Propose(
            Filled(heading, rows[2], two, rows[1], one), "open.xlsx", Mei, default);
        wrong.Errors.ShouldHaveSingleItem().Refusal.Code.ShouldBe("hold_day_passed");
        wrong.Errors[0].Cell.ShouldBe($"sheet 差异, cell {(char)('A' + heading.IndexOf("到期日"))}2");
        wrong.Errors[0].Refusal.Detail.ShouldBe($"The day until when is missing: {Friday.Next} or later.");
        (await desk.Live()).ShouldAllBe(row => row.Status == "open");

        two["到期日"] = $"{Friday.Next}";
        var good = await upload.Propose(Filled(heading, rows[2], two, rows[1], one), "open.xlsx", Mei, default);
        (good.Proposed, good.AlreadyThere, good.Errors.Count).ShouldBe((2, 0, 0));
        var again = await upload.Propose(Filled(heading, rows[2], two, rows[1], one), "open.xlsx", Mei, default);
        (again.Proposed, again.AlreadyThere, again.Errors.Count).ShouldBe((0, 2, 0));
        (await desk.Live()).Count(row => row.Status == "proposed").ShouldBe(2);

        // Bo closes one meanwhile; what Mei says of it now is of an old version.
        var closed = (await desk.Live()).Single(row => row.DifferenceId == rows[1][0]);
        (await desk.Approve(closed)).ShouldBeNull();
        one["处理"] = "退款";
        var stale = await upload.Propose(Filled(heading, rows[3], two, rows[1], one), "open.xlsx", Mei, default);
        stale.Errors.ShouldHaveSingleItem().Refusal.Code.ShouldBe("difference_changed");
        stale.Errors[0].Cell.ShouldBe("sheet 差异, cell B3");
        (await desk.Live()).Count(row => row.Status == "proposed").ShouldBe(1);
    }

    [Fact]
    public async Task What_a_corrected_bill_has_found_anew_is_not_done_as_the_old_file_says()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 20_00));
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, await desk.Live(), Friday.Next);
        var rows = Rows(download);
        await desk.Import(Friday, "the amount was wrong", Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 50_00));

        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        var file = Filled(
            rows[0].ToList(), rows[1], new Dictionary<string, string> { ["处理"] = "退款", ["处理原因"] = "x" });
        var old = await upload.Propose(file, "open.xlsx", Mei, default);
        old.Errors.ShouldHaveSingleItem().Refusal.Code.ShouldBe("difference_changed");
        old.Errors[0].Cell.ShouldBe("sheet 差异, cell B2");
        (await desk.Live()).ShouldAllBe(row => row.Status == "open");

        using var again = new MemoryStream();
        DifferenceWorkbook.Write(again, await desk.Live(), Friday.Next);
        (await upload.Propose(
            Filled(
                rows[0].ToList(), Rows(again)[1],
                new Dictionary<string, string> { ["处理"] = "退款", ["处理原因"] = "x" }),
            "open.xlsx", Mei, default)).Proposed.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_held_is_listed_with_what_its_next_closing_moves()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 510_00), Paid("A2", 20_00), Paid("A2", 20_00));
        var found = (await desk.Live()).ToDictionary(row => row.Class);
        var open = Listed(await desk.Live(), "amount_differs", "duplicate");
        open.ShouldBe(["500.00 退款 渠道多收，核实后把多收部分退给付款人", "19.92 退款 渠道重复收款，应退给付款人"]);
        var figures = new LedgerReports(desk.House.Views, desk.House.Archive, desk.House.Clock);
        var (month, sums) = (new DateOnly(2026, 11, 1), found.Values.Sum(row => Math.Abs(row.ExcessMinor)));
        (await figures.OfMonth(month, default)).Open.Sum(age => age.GrossMinor).ShouldBe(sums);

        foreach (var name in new[] { "amount_differs", "duplicate" })
            await desk.Close(found[name], new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        Listed(await desk.Live(), "amount_differs", "duplicate").ShouldBe(open);
        (await figures.OfMonth(month, default)).Open.Sum(age => age.GrossMinor).ShouldBe(sums);

        // Money too little is held as well, and a refusal says how much.
        var fee = found["fee_differs"];
        await desk.Close(fee, new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        (await desk.House.Differences.Propose(
            new(fee.DifferenceId), new(RemedyKind.Refund, RefundNumber: "R-1"), "x", default, Mei, default))
            .Refusal!.Detail.ShouldStartWith($"Difference {fee.DifferenceId} is fee_differs with CNY -1.90 left: ");
    }

    [Fact]
    public async Task Each_row_offers_what_can_be_done_about_it_and_waiting_proposes_nothing()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("B1", 1_00));
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, await desk.Live(), Friday.Next);
        var rows = Rows(download);
        Offered(download, rows, "A2").ShouldBe("等待,调账,挂账,核销");
        Offered(download, rows, "B1").ShouldBe("补单,调账,退款,挂账,核销");

        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        foreach (var word in new[] { "等待", "wait" })
        {
            var waits = await upload.Propose(
                Filled(rows[0].ToList(), rows[1], new Dictionary<string, string> { ["处理"] = word }), "open.xlsx", Mei,
                default);
            (waits.Proposed, waits.AlreadyThere, waits.Errors.Count).ShouldBe((0, 0, 0));
        }

        (await desk.Live()).ShouldAllBe(row => row.Status == "open");
    }

    // What Excel offers in the cell 处理 of the row about this order.
    private static string Offered(MemoryStream workbook, List<IReadOnlyList<string>> rows, string order)
    {
        using var book = SpreadsheetDocument.Open(new MemoryStream(workbook.ToArray()), false);
        new OpenXmlValidator().Validate(book).ShouldBeEmpty();
        var sheet = book.WorkbookPart!.WorksheetParts.First(part => part.Uri.OriginalString.EndsWith("sheet1.xml"));
        var key = $"payment:{NumberOf(order)}";
        var (row, column) = (
            rows.FindIndex(cells => cells.Contains(key)) + 1,
            (char)('A' + rows[0].ToList().IndexOf("处理")));
        return sheet.Worksheet!.Descendants<DataValidation>()
            .Single(one => one.SequenceOfReferences!.Items.Any(range =>
                $"{range}".Split(':') is var ends && ends[0][0] == column
                && int.Parse(ends[0][1..]) <= row && row <= int.Parse(ends[^1][1..])))
            .Formula1!.Text.Trim('"');
    }

    private static List<string> Listed(IEnumerable<DifferenceLifeRow> rows, params string[] classes)
    {
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, rows, Friday.Next);
        var read = Rows(download);
        var (left, kind, why) = (read[0].ToList().IndexOf("差额"), At("建议处理"), At("建议原因"));
        return [.. classes.Select(name => read.Single(row => row[At("分类代码")] == name))
            .Select(row => $"{row[left]} {row[kind]} {row[why]}")];

        int At(string heading) => read[0].ToList().IndexOf(heading);
    }

    [Fact]
    public async Task A_cell_that_cannot_be_understood_is_named()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00));
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, await desk.Live(), Friday.Next);
        var rows = Rows(download);
        var heading = rows[0].ToList();
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        (await Told(new() { ["处理"] = "没收", ["处理原因"] = "x" })).ShouldStartWith($"{CellOf("处理")}2 field_invalid");
        (await Told(new() { ["处理"] = "调账", ["调入科目"] = "petty_cash", ["处理原因"] = "x" }))
            .ShouldStartWith($"{CellOf("调入科目")}2 field_invalid");
        (await Told(new() { ["处理"] = "调账", ["调入科目"] = "suspense:sandbox", ["处理原因"] = "x" }))
            .ShouldStartWith($"{CellOf("调入科目")}2 account_not_allowed");
        (await Told(new() { ["处理"] = "补单", ["商户号"] = "nobody", ["处理原因"] = "x" }))
            .ShouldStartWith($"{CellOf("商户号")}2 merchant_not_found");
        (await Told(new() { ["处理"] = "调账", ["处理原因"] = "x" }))
            .ShouldStartWith($"{CellOf("调入科目")}2 account_not_allowed The account is missing; allowed are bank, ");
        (await Told(new() { ["处理"] = "挂账", ["到期日"] = $"{Friday.Next}", ["处理原因"] = "x" })).ShouldBe(
            $"{CellOf("责任人")}2 hold_owner_missing The owner (责任人) is missing: who goes on looking for the reason.");
        (await Told(new() { ["处理"] = "核销" })).ShouldStartWith($"{CellOf("处理原因")}2 field_invalid");
        (await Told(new() { ["处理"] = "核销", ["处理原因"] = "x", ["版本"] = "one" }))
            .ShouldStartWith("sheet 差异, cell B2 field_invalid");
        (await Told(new() { ["处理"] = "核销", ["处理原因"] = "x", ["差异编号"] = "" }))
            .ShouldStartWith("sheet 差异, cell A2 field_invalid");

        // All that is wrong is told at once.
        var all = await upload.Propose(
            Filled(
                heading, rows[1], new Dictionary<string, string> { ["处理"] = "没收" },
                rows[2], new Dictionary<string, string> { ["处理"] = "调账" }), "open.xlsx", Mei, default);
        all.Errors.Select(error => error.Cell).ShouldBe(
            [$"{CellOf("处理原因")}2", $"{CellOf("处理")}2", $"{CellOf("处理原因")}3", $"{CellOf("调入科目")}3"]);

        string CellOf(string name) => $"sheet 差异, cell {(char)('A' + heading.IndexOf(name))}";

        async Task<string> Told(Dictionary<string, string> filled)
        {
            var outcome = await upload.Propose(Filled(heading, rows[1], filled), "open.xlsx", Mei, default);
            var (cell, refusal) = outcome.Errors.ShouldHaveSingleItem();
            return $"{cell} {refusal.Code} {refusal.Detail}";
        }
    }

    internal static List<IReadOnlyList<string>> Rows(MemoryStream workbook)
    {
        using var reader = new WorkbookReader(workbook, "open.xlsx");
        return [.. reader.Rows("差异").Select(row => (IReadOnlyList<string>)[.. row.Cells])];
    }

    internal static ReadOnlyMemory<byte> Filled(List<string> heading, params object[] rowsAndCells)
    {
        var file = new MemoryStream();
        using (var workbook = new WorkbookWriter(file, Friday.Start))
        {
            using var table = workbook.Table("差异", [.. heading.Select(name => new TableColumn(name))]);
            foreach (var pair in rowsAndCells.Chunk(2))
            {
                var (row, cells) = ((IReadOnlyList<string>)pair[0], (Dictionary<string, string>)pair[1]);
                foreach (var (at, name) in heading.Index())
                    table.Text(cells.GetValueOrDefault(name, at < row.Count ? row[at] : ""));
                table.EndRow();
            }
        }

        return file.ToArray();
    }
}
