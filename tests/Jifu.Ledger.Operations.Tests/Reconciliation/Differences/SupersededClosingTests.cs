using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>A corrected bill meets what people have closed: what it says still stays closed, what it says otherwise is
/// open anew and tells what it was, and what it does not say any more is booked back.</summary>
public class SupersededClosingTests
{
    private static readonly Account Result = Account.DifferenceResult(Channel.Sandbox);

    [Theory]
    [InlineData("written off")]
    [InlineData("to the merchant")]
    [InlineData("held")]
    [InlineData("refunded")]
    [InlineData("proposed")]
    public async Task What_the_corrected_bill_shows_with_the_same_amount_stays_as_people_left_it(string how)
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, [.. Rows, Paid("Z9", 5_00)]);
        await Done(desk, how);
        var (before, suspense) = (await desk.Of("Z9"), await desk.Suspense());
        var steps = await Steps(desk, before.DifferenceId);

        // The channel has corrected its number of the trade, and nothing else.
        await desk.Import(Friday, "numbers", [.. Rows, Paid("Z9", 5_00) with { TransactionId = "4200OTHER" }]);
        var after = await desk.Of("Z9");
        after.Reference.ShouldBe("4200OTHER");
        (after.Status, after.ClosedBy, after.Remedy, after.ApprovedBy, after.Proposal, after.ProposedBy,
            after.LeftMinor, after.HeldMinor, after.RefundOwedMinor).ShouldBe((
            before.Status, before.ClosedBy, before.Remedy, before.ApprovedBy, before.Proposal, before.ProposedBy,
            before.LeftMinor, before.HeldMinor, before.RefundOwedMinor));
        (await Steps(desk, before.DifferenceId)).Take(steps.Count).ShouldBe(steps);
        (await Steps(desk, before.DifferenceId)).ShouldNotContain("undone");
        (await desk.Suspense()).ShouldBe(suspense);

        // It goes on from there: what waits is approved, what is closed is reversed.
        if (how == "proposed")
            (await desk.Approve(after)).ShouldBeNull();
        if (how is "written off" or "held")
        {
            (await desk.House.Differences.ProposeReversal(new(after.DifferenceId), "no", Mei, default))
                .Refusal.ShouldBeNull();
            (await desk.Approve(after, 2)).ShouldBeNull();
        }

        var given = how == "proposed" ? 4_98 : 0;
        (await desk.Balance(Result)).ShouldBe(given);
        (await desk.Balance(Account.Available(new("m1")))).ShouldBe(how == "to the merchant" ? 4_98 : 0);
        (await desk.Sweep()).ShouldBe(0);
    }

    [Fact]
    public async Task What_a_late_booking_has_met_stays_met_and_the_booking_meets_nothing_else()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.Import(Friday, null, [.. Rows, Paid("A3", 5_00)]);
        var (saturday, sunday) = (Friday.Next, Friday.Next.Next);
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(saturday, null, Paid("Z1", 1_00, saturday));
        await desk.House.Payments.Record(
            order, new ChannelAnswer.Paid("4200A3", new(5_00, Currency.CNY), saturday.Start.AddHours(9)), Mei,
            default);
        await desk.Sweep();
        (await desk.Of("A3", Friday)).ClosedWith.ShouldBe($"payment:{order}");

        await desk.Import(Friday, "numbers", [.. Rows, Paid("A3", 5_00) with { TransactionId = "4200OTHER" }]);
        (await desk.Of("A3", Friday)).ClosedWith.ShouldBe($"payment:{order}");
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(sunday, null, Paid("A3", 5_00, sunday));
        (await desk.Of("A3", Friday)).Status.ShouldBe("closed");
        (await desk.Of("A3", sunday)).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(4_98 + 1_00);
    }

    [Fact]
    public async Task What_it_shows_with_another_amount_is_open_anew_and_says_what_its_closing_was_for()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, [.. Rows, Paid("Z9", 5_00)]);
        await Done(desk, "written off");
        await desk.Import(Friday, "it was less", [.. Rows, Paid("Z9", 4_00)]);
        var row = await desk.Of("Z9");
        (row.Status, row.LeftMinor, row.Former).ShouldBe((
            "open", 3_98,
            "found with CNY 3.98 instead of CNY 4.98; undoes write_off of CNY 4.98, approved by key:bo"));
        (await desk.Suspense()).ShouldBe(3_98);
        (await desk.Balance(Result)).ShouldBe(0);

        // Closed once more, it has no past that anybody has to look after.
        (await desk.Propose(row, new(RemedyKind.WriteOff))).ShouldBeNull();
        (await desk.Approve(row, 2)).ShouldBeNull();
        (await desk.Of("Z9")).Former.ShouldBeNull();
        (await desk.Balance(Result)).ShouldBe(3_98);
    }

    [Fact]
    public async Task What_it_does_not_show_any_more_is_booked_back_and_says_what_was_undone()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, [.. Rows, Paid("Z9", 5_00)]);
        await Done(desk, "written off");
        await desk.Import(Friday, "it was none", Rows);
        var row = await desk.Of("Z9");
        (row.Found, row.Status, row.Former).ShouldBe((
            false, "undone", "its bill was replaced; undoes write_off of CNY 4.98, approved by key:bo"));
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Balance(Result)).ShouldBe(0);

        // With a third bill it is back: open, and still telling.
        await desk.Import(Friday, "after all", [.. Rows, Paid("Z9", 5_00)]);
        row = await desk.Of("Z9");
        (row.Status, row.LeftMinor, row.Former).ShouldBe((
            "open", 4_98, "its bill was replaced; undoes write_off of CNY 4.98, approved by key:bo"));
        (await desk.Suspense()).ShouldBe(4_98);
    }

    private static TradeBillRow[] Rows => [Paid("A1", 10_00), Paid("A2", 20_00)];

    private static async Task Done(FinanceDesk desk, string how)
    {
        var row = await desk.Of("Z9");
        Remedy remedy = how switch
        {
            "to the merchant" => new(RemedyKind.Supplement, Account.Available(new("m1"))),
            "held" => new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next),
            "refunded" => new(RemedyKind.Refund, RefundNumber: "R-9"),
            _ => new(RemedyKind.WriteOff),
        };
        (await desk.Propose(row, remedy)).ShouldBeNull();
        if (how != "proposed")
            (await desk.Approve(row)).ShouldBeNull();
    }

    private static async Task<List<string>> Steps(FinanceDesk desk, string id)
    {
        await desk.House.CatchUp();
        return [.. (await desk.Queries.Steps(id, default)).Select(step => step.Step)];
    }
}
