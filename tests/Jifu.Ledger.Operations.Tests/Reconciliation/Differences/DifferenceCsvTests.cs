using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>The list of differences to a CSV file and back.</summary>
public class DifferenceCsvTests
{
    [Theory]
    [InlineData(CsvProfile.Excel)]
    [InlineData(CsvProfile.Gb18030)]
    [InlineData(CsvProfile.Machine)]
    public async Task What_is_filled_in_is_proposed_whole_or_not_at_all(CsvProfile profile)
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00));
        var lines = await Downloaded(desk, profile);
        lines.Count.ShouldBe(3);
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);

        // Excel writes a day as it likes; somebody writes a formula's sign, which the guard made text.
        var wrong = await upload.Propose(
            Bytes(
                profile, lines[0], Filled(lines[1], "核销", "", "", "'=rest"),
                Filled(lines[2], "hold", "mei", "", "ask")),
            "open.csv", Mei, default);
        var (cell, refusal) = wrong.Errors.ShouldHaveSingleItem();
        cell.ShouldBe($"line 3, column W ({(profile is CsvProfile.Machine ? "due" : "到期日")})");
        refusal.Code.ShouldBe("hold_day_passed");
        (await desk.Live()).ShouldAllBe(row => row.Status == "open");

        var good = Bytes(
            profile, lines[0], Filled(lines[1], "核销", "", "", "'=rest"),
            Filled(lines[2], "hold", "mei", "2026/11/21", "ask,\nthen wait"));
        (await upload.Propose(good, "open.csv", Mei, default)).ShouldSatisfyAllConditions(
            done => done.Errors.ShouldBeEmpty(), done => done.Proposed.ShouldBe(2));
        (await upload.Propose(good, "open.csv", Mei, default)).AlreadyThere.ShouldBe(2);
        (await desk.Live()).Select(row => row.ProposedReason).ShouldBe(["=rest", "ask,\nthen wait"], ignoreOrder: true);
    }

    [Fact]
    public void What_cannot_be_read_is_told_with_its_line() => string.Concat(new[]
    {
        "", "差异编号,版本\r\n", "差异编号;版本;处理;调入科目;商户号;责任人;到期日;退款单号;处理原因;处理\r\n",
        "difference,version,action,account,merchant,owner,due,refund_number,reason\nd1,0,\"核销,,,,,,\n",
        "difference,version,action,account,merchant,owner,due,refund_number,reason\nd1,0,\"核销\"x,,,,,,\n",
    }.Select(text => $"{Should.Throw<CsvRejectedException>(() => DifferenceCsv.Read(
        Encoding.UTF8.GetBytes(text), "open.csv", out _)).Message}\n")
        .Append(Should.Throw<CsvRejectedException>(() => DifferenceCsv.Read(
            Encoding.Unicode.GetPreamble(), "open.csv", out _)).Message).Append("\n"))
        .ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Columns_may_be_moved_named_either_way_and_separated_as_a_program_likes()
    {
        var rows = DifferenceCsv.Read(
            [
                .. "reason\t处理\tdifference\tversion\taccount\tmerchant\towner\tdue\trefund_number\n"u8,
                .. "small\t核销\td1\t3\n\nx\t\td2\t0\n"u8,
            ],
            "open.csv", out var blank);
        var row = rows.ShouldHaveSingleItem();
        (row.Difference.Value, row.Seen, row.Form.Action, row.Reason, blank)
            .ShouldBe(("d1", new(3), "核销", "small", 1));
        row.Wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Numbers_are_taken_as_Excel_shows_them_when_it_saves_a_workbook_as_CSV()
    {
        var rows = DifferenceCsv.Read(
            [
                .. "difference,version,处理,account,merchant,owner,due,refund_number,处理原因,发现位置\n"u8,
                .. "d1,\"1,003\",核销,,,,,000123,small,\"12,345,678\"\n"u8,
            ],
            "open.csv", out _);
        var row = rows.ShouldHaveSingleItem();
        (row.Seen, row.Form.RefundNumber).ShouldBe((new(1003, 12_345_678), "000123"));
        row.Wrong.ShouldBeEmpty();
    }

    private static async Task<List<string>> Downloaded(FinanceDesk desk, CsvProfile profile)
    {
        using var file = new MemoryStream();
        DifferenceCsv.Write(file, profile, await desk.Live(), Friday.Next);
        return [.. EncodingOf(profile).GetString(file.ToArray()).TrimStart('\uFEFF').TrimEnd()
            .Split('\n').Select(line => line.TrimEnd('\r'))];
    }

    // The eight cells before the last are there to be filled in: action, account, merchant, owner, due, refund number,
    // reason, and a correction's amount.
    private static string Filled(string line, string action, string owner, string due, string reason)
    {
        var last = line.LastIndexOf(',');
        return $"{line[..(last - 8)]},{action},,,{owner},{due},,\"{reason}\",{line[last..]}";
    }

    private static ReadOnlyMemory<byte> Bytes(CsvProfile profile, params string[] lines) =>
        EncodingOf(profile).GetBytes(string.Join("\r\n", lines));

    private static Encoding EncodingOf(CsvProfile profile) => profile is CsvProfile.Gb18030
        ? CodePagesEncodingProvider.Instance.GetEncoding("gb18030")!
        : new UTF8Encoding(false);
}
