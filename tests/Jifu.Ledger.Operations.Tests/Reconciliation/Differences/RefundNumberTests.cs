using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>A bill's row of a refund is found by its number, so each number is one difference's.</summary>
public class RefundNumberTests
{
    private static readonly Remedy Refund = new(RemedyKind.Refund, RefundNumber: "R-1");

    [Fact]
    public async Task A_refund_number_is_one_differences_until_it_is_rejected_or_undone()
    {
        await using var desk = await Opened();
        var (one, two) = (await desk.Of("B1"), await desk.Of("B2"));
        (await desk.Propose(one, Refund)).ShouldBeNull();
        (await desk.Propose(one, Refund)).ShouldBeNull();
        (await desk.Propose(two, Refund)).ShouldBe("refund_number_used");
        var head = await desk.House.Log.Head(default);
        (await desk.House.Differences.Propose(new(two.DifferenceId), Refund, "x", default, Mei, default))
            .Refusal!.Detail.ShouldBe(
                $"refund_number R-1 is that of difference {one.DifferenceId}, proposed: each difference needs a number "
                + "of its own.");
        (await desk.House.Log.Head(default)).ShouldBe(head);

        (await desk.House.Differences.Reject(new(one.DifferenceId), 1, "no", Bo, default)).Refusal.ShouldBeNull();
        await desk.Close(two, Refund);
        (await desk.Approve(two)).ShouldBeNull();
        (await desk.Propose(one, Refund)).ShouldBe("refund_number_used");

        (await desk.House.Differences.ProposeReversal(new(two.DifferenceId), "wrong", Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.Propose(one, Refund)).ShouldBe("refund_number_used");
        (await desk.Approve(two, 2)).ShouldBeNull();
        (await desk.Propose(one, Refund)).ShouldBeNull();
        (await desk.Approve(one, 2)).ShouldBeNull();
    }

    [Fact]
    public async Task A_number_of_a_refund_of_our_own_is_not_free()
    {
        await using var desk = await Opened();
        var order = new PaymentId(NumberOf("A1"));
        (await desk.House.Refunds.Refund(order, new("OWN-1"), new(1_00, Currency.CNY), "x", null, Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.Propose(await desk.Of("B1"), Refund with { RefundNumber = $"{order}.OWN-1" }))
            .ShouldBe("refund_number_used");
        (await desk.Propose(await desk.Of("B1"), Refund with { RefundNumber = $"{order}.OWN-2" })).ShouldBeNull();
    }

    [Fact]
    public async Task Of_two_that_were_proposed_at_the_same_moment_the_first_alone_is_approved()
    {
        await using var desk = await Opened();
        var (first, second) = (await desk.Of("B2"), await desk.Of("B1"));
        await Unlooked(first);
        await Unlooked(second);
        await Task.WhenAll(Refused(second), Refused(second));
        (await desk.Approve(first)).ShouldBeNull();
        (await desk.Approve(second)).ShouldBe("refund_number_used");
        (await desk.Approve(first)).ShouldBeNull();
        (await desk.House.Differences.Reject(new(second.DifferenceId), 1, "no", Bo, default)).Refusal.ShouldBeNull();

        async Task Refused(DifferenceLifeRow row) => (await desk.Approve(row)).ShouldBe("refund_number_used");

        async Task Unlooked(DifferenceLifeRow row) => (await desk.House.Desk.Handle(
            Aggregates.Differences, row.DifferenceId, new DifferenceCommand.Propose(
                row.Finding, Refund, "x", null, Mei.Actor, desk.House.Clock.Now), Mei, default))
            .Rejection.ShouldBeNull();
    }

    [Fact]
    public async Task Two_rows_of_one_file_with_one_number_are_refused_with_their_cells()
    {
        await using var desk = await Opened();
        var upload = new DifferenceUpload(desk.House.Differences, desk.House.RefundNumbers);
        var rows = await desk.Live();
        var twice = await upload.Propose(File(rows, "R-1", "R-1"), "open.csv", Mei, default);
        var (cell, refusal) = twice.Errors.ShouldHaveSingleItem();
        (cell, refusal.Code).ShouldBe(("line 3, column F (refund_number)", "refund_number_used"));
        refusal.Detail.ShouldContain($"difference {rows[0].DifferenceId} in line 2, column F (refund_number)");
        (await desk.Live()).ShouldAllBe(row => row.Status == "open");

        (await upload.Propose(File(rows, "R-1", "R-2"), "open.csv", Mei, default)).Proposed.ShouldBe(2);
        (await upload.Propose(File(rows, "R-1", "R-2"), "open.csv", Mei, default)).AlreadyThere.ShouldBe(2);
    }

    [Fact]
    public async Task What_is_too_little_is_not_refunded_and_it_says_how_much_is_left()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        var row = await desk.Of("A2");
        var refusal = (await desk.House.Differences.Propose(
            new(row.DifferenceId), Refund, "x", default, Mei, default)).Refusal!;
        (refusal.Code, refusal.Detail).ShouldBe((
            "nothing_to_refund",
            $"Difference {row.DifferenceId} is only_with_us with CNY -19.92 left: there is no money too much of which "
            + "a payer could be given back."));
    }

    private static ReadOnlyMemory<byte> File(IReadOnlyList<DifferenceLifeRow> rows, params string[] numbers)
    {
        using var stream = new MemoryStream();
        using (var table = new CsvTable(
            stream, CsvProfile.Machine, "difference", "version", "action", "account", "merchant", "refund_number",
            "owner", "due", "reason"))
        {
            foreach (var (row, number) in rows.Zip(numbers))
                table.Text(row.DifferenceId).Count(row.Version).Text("refund").Blank(2).Text(number).Blank(2).Text("x")
                    .EndRow();
        }

        return stream.ToArray();
    }

    private static async Task<FinanceDesk> Opened()
    {
        var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 5_00), Paid("B2", 5_00));
        return desk;
    }
}
