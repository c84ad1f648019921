using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>What met a difference is gone: all that rested on it comes apart, and nothing else.</summary>
public class ComeApartTests
{
    private static readonly BusinessDay Saturday = Friday.Next;

    [Theory]
    [InlineData("written off")]
    [InlineData("held")]
    [InlineData("tolerated")]
    [InlineData("open")]
    public async Task What_was_partly_met_is_open_in_full_when_the_other_side_is_gone(string rest)
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A2", 20_01, Saturday));
        (await desk.Suspense()).ShouldBe(1);
        var theirs = await desk.Of("A2", Saturday);
        if (rest == "written off")
            await desk.Close(theirs, new(RemedyKind.WriteOff));
        if (rest == "held")
            await desk.Close(theirs, new(RemedyKind.Hold, Owner: "mei", Due: Saturday.Next));
        if (rest == "tolerated")
            await Tolerated(desk);

        await desk.Import(Friday, "it has it", Paid("A1", 10_00), Paid("A2", 20_00));
        theirs = await desk.Of("A2", Saturday);
        (theirs.Status, theirs.LeftMinor).ShouldBe(("open", 19_93));
        (await desk.Suspense()).ShouldBe(19_93);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(0);
        (await desk.Balance(Account.DifferenceHeld(Channel.Sandbox))).ShouldBe(0);
    }

    [Fact]
    public async Task A_refund_that_a_bill_shows_as_paid_is_not_reversed()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B5", 5_00), Paid("B6", 6_00));
        await desk.Close(await desk.Of("B5"), new(RemedyKind.Refund, RefundNumber: "R-5"));
        await desk.Close(await desk.Of("B6"), new(RemedyKind.Refund, RefundNumber: "R-6"));
        var (b5, b6) = (await desk.Of("B5"), await desk.Of("B6"));
        (await Reversed(desk, b6)).ShouldBeNull();
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(
            Saturday, null, Refunded("B5", "R-5", 5_00, Saturday), Refunded("B6", "R-6", 6_00, Saturday));

        // Neither proposed afterwards, nor approved when it was proposed before.
        (await Reversed(desk, b5)).ShouldBe("refund_already_paid");
        (await desk.Approve(b6, 2)).ShouldBe("refund_already_paid");
        (await desk.Approve(b5)).ShouldBeNull();
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(0);
        (await desk.Suspense()).ShouldBe(0);

        // Without its row it is awaited again, and may be reversed; with it, it is met again.
        await desk.Import(Saturday, "without R-5", Refunded("B6", "R-6", 6_00, Saturday));
        (await desk.Of("B5")).RefundOwedMinor.ShouldBe(4_98);
        (await Reversed(desk, b5)).ShouldBeNull();
        await desk.House.Differences.Reject(new(b5.DifferenceId), 2, "no", Bo, default);
        await desk.Import(
            Saturday, "with it", Refunded("B5", "R-5", 5_00, Saturday), Refunded("B6", "R-6", 6_00, Saturday));
        (await desk.Of("R-5")).Status.ShouldBe("closed");
        (await desk.Of("B5")).RefundOwedMinor.ShouldBe(0);
    }

    [Fact]
    public async Task A_row_that_met_a_refund_which_was_reversed_is_open_again()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B5", 5_00));
        await desk.Close(await desk.Of("B5"), new(RemedyKind.Refund, RefundNumber: "R-5"));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Refunded("B5", "R-5", 5_00, Saturday));

        // Past the desk, as when both came at the same moment.
        var b5 = await desk.Of("B5");
        foreach (var command in new DifferenceCommand[]
        {
            new DifferenceCommand.ProposeReversal(b5.Finding, "no", "key:mei", desk.House.Clock.Now),
            new DifferenceCommand.Approve(b5.Finding, 2, "key:bo", desk.House.Clock.Now),
        })
            await desk.House.Desk.Handle(Aggregates.Differences, b5.DifferenceId, command, Bo, default);
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(-4_98);

        await desk.Import(Saturday, null, Refunded("B5", "R-5", 5_00, Saturday));
        (await desk.Of("R-5")).Status.ShouldBe("open");
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(0);
        (await desk.Suspense()).ShouldBe(0);
    }

    [Fact]
    public async Task The_days_report_tells_what_is_partly_met_or_held_as_it_stands()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A2", 20_01, Saturday));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(2);
        (await Told()).ShouldBe(("未处理", 3, "等待"));

        await desk.Close(
            await desk.Of("A2", Saturday), new(RemedyKind.Hold, Owner: "mei", Due: Saturday.Next.Next.Next));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(2);
        (await Told()).ShouldBe(("挂账", 5, "人工处理"));

        async Task<(string, int?, string)> Told()
        {
            await desk.House.CatchUp();
            var report = await new LedgerReports(desk.House.Views, desk.House.Archive, desk.House.Clock)
                .OfDay(Saturday, default);
            var row = report.Differences.Single();
            return (row.Status, row.AgeDays, row.Action);
        }
    }

    private static async Task<string?> Reversed(
        FinanceDesk desk, ReadModels.Reconciliation.Differences.DifferenceLifeRow row) =>
        (await desk.House.Differences.ProposeReversal(new(row.DifferenceId), "no", Mei, default)).Refusal?.Code;

    private static async Task Tolerated(FinanceDesk desk)
    {
        await desk.House.Rules.Propose(
            "cents", new(
                MatchingKind.Tolerance, ["only_at_channel"], [], [], WithinMinor: 2,
                RestTo: AccountKind.DifferenceResult),
            "rounding", Mei, default);
        (await desk.House.Rules.Approve("cents", 1, Bo, default)).Refusal.ShouldBeNull();
        await desk.Import(Saturday, null, Paid("A2", 20_01, Saturday));
        (await desk.Of("A2", Saturday)).Rule.ShouldBe("cents");
    }
}
