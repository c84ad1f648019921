using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static DifferenceWorkbookTests;
using static FinanceDesk;

/// <summary>What one person has filled in is approved by another at once.</summary>
public class DifferenceApprovalsTests
{
    [Fact]
    public async Task A_file_is_approved_row_by_row_by_another_than_who_proposed_the_row()
    {
        await using var desk = await FinanceDesk.Open();
        var (heading, rows) = await ThreeRows(desk);
        var small = new Dictionary<string, string> { ["处理"] = "核销", ["处理原因"] = "尾差" };
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        (await upload.Propose(Filled(heading, rows[0], small, rows[1], small), "open.xlsx", Mei, default))
            .Proposed.ShouldBe(2);
        (await upload.Propose(Filled(heading, rows[2], small), "bo.xlsx", Bo, default)).Proposed.ShouldBe(1);

        var none = new Dictionary<string, string>();
        var all = Filled(heading, rows[0], small, rows[2], small, rows[1], small, rows[1], none);
        (await Told(desk, all, Bo)).ShouldBe(
            [$"2 0 1", $"{Cell(heading, "处理", 3)} {rows[2][0]} approver_is_proposer"]);
        (await desk.Live()).ShouldHaveSingleItem().DifferenceId.ShouldBe(rows[2][0]);
        (await Told(desk, all, Bo)).ShouldBe(
            [$"0 2 1", $"{Cell(heading, "处理", 3)} {rows[2][0]} approver_is_proposer"]);
        (await Told(desk, all, Mei)).ShouldBe([$"1 2 1"]);
        (await desk.Live()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_what_the_file_says_is_approved()
    {
        await using var desk = await FinanceDesk.Open();
        var (heading, rows) = await ThreeRows(desk);
        var small = new Dictionary<string, string> { ["处理"] = "核销", ["处理原因"] = "尾差" };
        var file = Filled(heading, rows[0], small, rows[1], small, rows[2], small);
        (await Told(desk, file, Bo)).ShouldBe(
        [
            "0 0 0", .. rows.Index().Select(
                row => $"{Cell(heading, "处理", row.Index + 2)} {row.Item[0]} proposal_not_found"),
        ]);
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        (await upload.Propose(file, "open.xlsx", Mei, default)).Proposed.ShouldBe(3);

        // Another reason, another amount and what was turned down meanwhile; only then what was proposed.
        (await desk.House.Differences.Reject(new(rows[2][0]), 1, "no", Bo, default)).Refusal.ShouldBeNull();
        var otherwise = Filled(
            heading, rows[0], new Dictionary<string, string>(small) { ["处理原因"] = "other" },
            rows[1], new Dictionary<string, string>(small) { ["差额"] = "9.99" }, rows[2], small);
        (await Told(desk, otherwise, Bo)).ShouldBe(
        [
            "0 0 0", $"{Cell(heading, "处理", 2)} {rows[0][0]} proposal_not_found",
            $"{Cell(heading, "差额", 3)} {rows[1][0]} field_invalid",
            $"{Cell(heading, "处理", 4)} {rows[2][0]} proposal_not_found",
        ]);
        (await desk.Live()).Select(row => row.Status).Order().ShouldBe(["open", "proposed", "proposed"]);
        (await Told(desk, file, Bo)).ShouldBe(["2 0 0", $"{Cell(heading, "处理", 4)} {rows[2][0]} proposal_not_found"]);
        (await desk.Live()).ShouldHaveSingleItem().DifferenceId.ShouldBe(rows[2][0]);
    }

    private static async Task<(List<string> Heading, List<IReadOnlyList<string>> Rows)> ThreeRows(FinanceDesk desk)
    {
        await desk.Import(
            Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00), Paid("B3", 3_00));
        using var download = new MemoryStream();
        DifferenceWorkbook.Write(download, await desk.Live(), Friday.Next);
        var rows = Rows(download);
        return ([.. rows[0]], [.. rows.Skip(1)]);
    }

    private static string Cell(List<string> heading, string name, int row) =>
        $"sheet 差异, cell {(char)('A' + heading.IndexOf(name))}{row}";

    // How many were approved, were already, and had no action; then what was not approved.
    private static async Task<List<string>> Told(FinanceDesk desk, ReadOnlyMemory<byte> file, EventMetadata who)
    {
        var approvals = new DifferenceApprovals(
            desk.House.Differences, new DifferenceCarrier(desk.House.Desk, desk.House.Funds));
        var outcome = await approvals.Approve(file, "open.xlsx", who, default);
        return
        [
            $"{outcome.Approved} {outcome.AlreadyThere} {outcome.Blank}",
            .. outcome.Failures.Select(one => $"{one.Cell} {one.Difference} {one.Refusal.Code}"),
        ];
    }
}
