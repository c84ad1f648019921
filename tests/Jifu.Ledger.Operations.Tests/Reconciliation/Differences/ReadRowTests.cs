using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>The row that somebody has read is the row that is booked, or nothing of the file is.</summary>
public class ReadRowTests
{
    [Fact]
    public async Task Columns_sorted_apart_from_their_numbers_are_refused()
    {
        await using var desk = await Differing();
        var (heading, rows) = Table(await desk.Live());

        // Excel sorts the columns that are selected and leaves the others where they are.
        var (first, second) = (rows[0].ToArray(), rows[1].ToArray());
        for (var at = 2; at < heading.IndexOf("处理"); at++)
            (first[at], second[at]) = (second[at], first[at]);
        var (key, left) = (heading.IndexOf("业务键"), heading.IndexOf("差额"));
        var told = await Told(desk, heading, WrittenOff(heading, first), WrittenOff(heading, second));

        told.ShouldContain($"sheet 差异, cell {CellName.Of(key, 2)}: {rows[0][key]} is expected, not {rows[1][key]}");
        told.ShouldContain($"sheet 差异, cell {CellName.Of(left, 2)}: {rows[0][left]} is expected, not {rows[1][left]}");
        told.ShouldContain($"sheet 差异, cell {CellName.Of(left, 3)}: {rows[1][left]} is expected, not {rows[0][left]}");
        (await desk.Live()).ShouldAllBe(row => row.Status == "open");
    }

    [Fact]
    public async Task An_amount_that_was_changed_is_refused_with_its_cell()
    {
        await using var desk = await Differing();
        var (heading, rows) = Table(await desk.Live());
        var row = rows.Single(each => each[heading.IndexOf("分类代码")] == "amount_differs").ToArray();
        (row[heading.IndexOf("差额")], row[heading.IndexOf("渠道方")]).ShouldBe(("83.58", "CNY 93.58"));
        row[heading.IndexOf("差额")] = "99.99";
        row[heading.IndexOf("渠道方")] = "CNY 1.00";
        (row[heading.IndexOf("渠道金额")], row[heading.IndexOf("我方金额")]).ShouldBe(("93.58", "10.00"));
        row[heading.IndexOf("我方金额")] = "10.01";

        (await Told(desk, heading, WrittenOff(heading, row))).ShouldBe(
        [
            $"sheet 差异, cell {CellName.Of(heading.IndexOf("渠道方"), 2)}: CNY 93.58 is expected, not CNY 1.00",
            $"sheet 差异, cell {CellName.Of(heading.IndexOf("差额"), 2)}: 83.58 is expected, not 99.99",
            $"sheet 差异, cell {CellName.Of(heading.IndexOf("我方金额"), 2)}: 10.00 is expected, not 10.01",
        ]);
        (await desk.Live()).ShouldAllBe(each => each.Status == "open");
    }

    [Theory]
    [InlineData(CsvProfile.Excel, "差额")]
    [InlineData(CsvProfile.Gb18030, "差额")]
    [InlineData(CsvProfile.Machine, "left")]
    public async Task A_CSV_file_is_held_against_the_ledger_too(CsvProfile profile, string heading)
    {
        await using var desk = await Differing();
        using var file = new MemoryStream();
        DifferenceCsv.Write(file, profile, await desk.Live(), Friday.Next);
        var encoding = profile is CsvProfile.Gb18030
            ? CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!
            : new UTF8Encoding(false);
        var lines = encoding.GetString(file.ToArray()).TrimStart('\uFEFF').TrimEnd().Split('\n');
        var line = lines.Single(each => each.Contains("amount_differs", StringComparison.Ordinal));
        var last = line.LastIndexOf(',');
        line.ShouldContain(profile is CsvProfile.Machine ? ",9358,1000,CNY,83.58," : ",93.58,10.00,CNY,83.58,");
        var filled = $"{line[..(last - 8)]},核销,,,,,,\"tail\",{line[last..]}";
        var upload = Upload(desk);

        var wrong = await upload.Propose(
            encoding.GetBytes($"{lines[0]}\n{filled.Replace(",83.58,", ",99.99,", StringComparison.Ordinal)}"),
            "open.csv", Mei, default);
        var (cell, refusal) = wrong.Errors.ShouldHaveSingleItem();
        cell.ShouldStartWith("line 2, column ");
        cell.ShouldEndWith($" ({heading})");
        (refusal.Code, refusal.Detail).ShouldBe(("field_invalid", "83.58 is expected, not 99.99"));

        var right = encoding.GetBytes(
            $"{lines[0]}\n{filled.Replace(",83.58,", ",\" 83.580\",", StringComparison.Ordinal)}");
        (await upload.Propose(right, "open.csv", Mei, default)).Proposed.ShouldBe(1);
        (await desk.Approve((await desk.Live()).Single(each => each.Status == "proposed"))).ShouldBeNull();

        // What the file told has come to pass; to bring it once more is no news.
        (await upload.Propose(right, "open.csv", Mei, default)).AlreadyThere.ShouldBe(1);
    }

    [Fact]
    public async Task The_day_and_the_class_that_people_read_are_held_against_the_ledger_as_well()
    {
        await using var desk = await Differing();
        var (heading, rows) = Table(await desk.Live());
        var row = rows.Single(each => each.Contains("amount_differs")).ToArray();
        var (day, name) = (heading.IndexOf("账单日"), heading.IndexOf("分类"));
        row[heading.IndexOf("到期日")] = "46356";
        row[day] = "46300";
        row[name] = "长款";
        (await Told(desk, heading, WrittenOff(heading, row))).ShouldBe(
        [
            $"sheet 差异, cell {CellName.Of(day, 2)}: {Friday} is expected, not 46300",
            $"sheet 差异, cell {CellName.Of(name, 2)}: 金额不符 is expected, not 长款",
        ]);

        row[name] = "金额不符";
        row[day] = $"{Friday.Date.DayNumber - new DateOnly(1899, 12, 30).DayNumber}";
        (await Upload(desk).Propose(Workbook(heading, WrittenOff(heading, row)), "open.xlsx", Mei, default)).Errors
            .ShouldBeEmpty();
    }

    [Fact]
    public async Task All_that_is_missing_in_a_row_is_told_at_once()
    {
        await using var desk = await Differing();
        var (heading, rows) = Table(await desk.Live());
        var row = rows[0].ToArray();
        (row[heading.IndexOf("处理")], row[heading.IndexOf("处理原因")]) = ("挂账", "ask");
        var errors = (await Upload(desk).Propose(Workbook(heading, row), "open.xlsx", Mei, default)).Errors;
        errors.Select(error => $"{error.Cell} {error.Refusal.Code}").ShouldBe(
        [
            $"sheet 差异, cell {CellName.Of(heading.IndexOf("责任人"), 2)} hold_owner_missing",
            $"sheet 差异, cell {CellName.Of(heading.IndexOf("到期日"), 2)} hold_day_passed",
        ]);

        (row[heading.IndexOf("调入科目")], row[heading.IndexOf("到期日")]) = ("petty_cash", "soon");
        (await Upload(desk).Propose(Workbook(heading, row), "open.xlsx", Mei, default)).Errors
            .Select(error => error.Cell).ShouldBe(
            [
                $"sheet 差异, cell {CellName.Of(heading.IndexOf("调入科目"), 2)}",
                $"sheet 差异, cell {CellName.Of(heading.IndexOf("到期日"), 2)}",
            ]);
    }

    private static async Task<FinanceDesk> Differing()
    {
        var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 93_58), Paid("A2", 20_00), Paid("B1", 1_00));
        return desk;
    }

    private static DifferenceUpload Upload(FinanceDesk desk) => new(desk.House.Differences, desk.House.RefundNumbers);

    private static async Task<List<string>> Told(FinanceDesk desk, List<string> heading, params string[][] rows)
    {
        var outcome = await Upload(desk).Propose(Workbook(heading, rows), "open.xlsx", Mei, default);
        outcome.Proposed.ShouldBe(0);
        outcome.Errors.ShouldAllBe(error => error.Refusal.Code == "field_invalid");
        return [.. outcome.Errors.Select(error => $"{error.Cell}: {error.Refusal.Detail}")];
    }

    private static string[] WrittenOff(List<string> heading, string[] row)
    {
        (row[heading.IndexOf("处理")], row[heading.IndexOf("处理原因")]) = ("核销", "tail");
        return row;
    }

    private static (List<string> Heading, List<List<string>> Rows) Table(
        IEnumerable<Jifu.Ledger.ReadModels.Reconciliation.Differences.DifferenceLifeRow> live)
    {
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, live, Friday.Next);
        using var reader = new WorkbookReader(download, "open.xlsx");
        var rows = reader.Rows("差异").Select(row => row.Cells.ToList()).ToList();
        return (rows[0], rows[1..]);
    }

    private static ReadOnlyMemory<byte> Workbook(List<string> heading, params string[][] rows)
    {
        var file = new MemoryStream();
        using (var workbook = new WorkbookWriter(file, Friday.Start))
        {
            using var table = workbook.Table("差异", [.. heading.Select(name => new TableColumn(name))]);
            foreach (var row in rows)
            {
                foreach (var cell in row)
                    table.Text(cell);
                table.EndRow();
            }
        }

        return file.ToArray();
    }
}
