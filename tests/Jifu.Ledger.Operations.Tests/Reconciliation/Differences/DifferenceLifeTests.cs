using Jifu.Ledger.Channels;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reports;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>Differences from their finding to their end, over real bills, streams and accounts.</summary>
public class DifferenceLifeTests
{
    [Fact]
    public async Task What_Fridays_bill_lacks_goes_on_and_Saturdays_brings()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        (await desk.Suspense()).ShouldBe(-19_92);
        var open = await desk.Of("A2");
        (open.Status, open.LeftMinor).ShouldBe(("open", -19_92));

        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Paid("A2", 20_00, Friday.Next));
        (await desk.Live()).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
        var (friday, saturday) = (await desk.Of("A2", Friday), await desk.Of("A2", Friday.Next));
        friday.ClosedWith.ShouldBe($"difference {saturday.DifferenceId}");
        saturday.ClosedWith.ShouldBe($"difference {friday.DifferenceId}");
        (await desk.Queries.OpenAsOf(Friday, default)).Single().LeftMinor.ShouldBe(-19_92);
        (await desk.Queries.OpenAsOf(Friday.Next.Next, default)).ShouldBeEmpty();

        // A corrected bill of Saturday lacks it: what it had met on Friday is open again.
        await desk.Import(Friday.Next, "without it", Paid("Z9", 1_00, Friday.Next));
        (await desk.Of("A2", Friday)).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(-19_92 + 1_00);
    }

    [Fact]
    public async Task A_run_that_was_killed_between_the_two_sides_is_finished_by_the_next()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        var friday = await desk.Of("A2");
        var saturday = DifferenceId.Of(Channel.Sandbox, Friday.Next, "only_at_channel", friday.Key, "line");
        await desk.House.Desk.Handle(
            Aggregates.Differences, friday.DifferenceId, new DifferenceCommand.Meet(
                friday.Finding, $"difference {saturday}",
                [new(Account.Receivable(Channel.Sandbox), new(-19_92, Currency.CNY))], "run", desk.House.Clock.Now),
            Mei, default);
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Paid("A2", 20_00, Friday.Next));
        (await desk.Live()).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
    }

    [Fact]
    public async Task A_missed_order_is_booked_by_its_own_success_once()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
        var open = await desk.Of("A3");
        open.OrderStatus.ShouldBe("pending");
        (await desk.Propose(open, new(RemedyKind.Supplement))).ShouldBeNull();

        // The channel does not confirm it: nothing is booked, and it is open again.
        (await desk.House.Differences.Approve(new(open.DifferenceId), 1, Bo, default)).Refusal.ShouldBe(new(
            "supplement_not_carried_out",
            $"payment:{order}: the channel does not say that our order was paid. The difference is open."));
        (await desk.Of("A3")).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(4_98);

        desk.House.Channel.OnQuery = _ => new ChannelAnswer.Paid(
            "4200A3", new(5_00, Currency.CNY), Friday.Start.AddHours(12));
        (await desk.Propose(open, new(RemedyKind.Supplement))).ShouldBeNull();
        (await desk.Approve(open, 2)).ShouldBeNull();
        (await desk.Approve(open, 2)).ShouldBeNull();
        var closed = await desk.Of("A3");
        (closed.Status, closed.ClosedWith).ShouldBe(("closed", $"payment:{order}"));
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Balance(Account.Pending(new("m1")))).ShouldBe(34_79);
    }

    [Fact]
    public async Task What_cannot_be_proposed_is_told_with_what_would_do()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00));
        var id = new DifferenceId((await desk.Of("B1")).DifferenceId);
        (await Told(new(RemedyKind.Supplement))).ShouldBe(new(
            "supplement_not_possible",
            $"We have no order for difference {id}: name the merchant to book it for, or hold or refund it."));
        (await Told(new(RemedyKind.Adjust))).ShouldBe(new(
            "account_not_allowed", "The account is missing; allowed are bank, fee_income, channel_cost:sandbox, "
            + "difference_result:sandbox, channel_receivable:CHANNEL, and for money that is too much "
            + "merchant_available:MERCHANT."));
        (await Told(new(RemedyKind.Adjust, Account.Suspense(Channel.Sandbox))))!.Detail
            .ShouldStartWith("suspense:sandbox takes no such difference; allowed are bank, ");
        (await Told(new(RemedyKind.Hold, Owner: "mei", Due: Friday))).ShouldBe(new(
            "hold_day_passed", $"{Friday} has passed: today is {Friday.Next}."));
        (await desk.Of("B1")).Status.ShouldBe("open");

        // A step tells what was proposed, also after it was decided.
        await desk.Close(await desk.Of("B1"), new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        (await desk.House.Differences.ProposeReversal(id, "found", Mei, default)).Refusal.ShouldBeNull();
        (await desk.House.Differences.Reject(id, 2, "no", Bo, default)).Refusal.ShouldBeNull();
        await desk.House.CatchUp();
        (await desk.Queries.Steps(id.Value, default)).Skip(1).Select(step => $"{step.Step}: {step.Detail}").ShouldBe([
            $"proposed: hold by mei until {Friday.Next}: looked into it",
            $"closed: hold by mei until {Friday.Next} approved by {Bo.Actor}", "proposed: reverse: found",
            "rejected: no",
        ]);

        async Task<Refusal?> Told(Remedy remedy) =>
            (await desk.House.Differences.Propose(id, remedy, "why", default, Mei, default)).Refusal;
    }

    [Fact]
    public async Task Each_remedy_moves_all_of_it_to_its_account()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(
            Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00), Paid("B3", 3_00),
            Paid("B4", 4_00), Paid("B5", 5_00));
        await desk.Close(await desk.Of("B1"), new(RemedyKind.WriteOff));
        await desk.Close(await desk.Of("B2"), new(RemedyKind.Adjust, Account.FeeIncome));
        await desk.Close(await desk.Of("B3"), new(RemedyKind.Supplement, Account.Available(new("m1"))));
        await desk.Close(await desk.Of("B4"), new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        await desk.Close(await desk.Of("B5"), new(RemedyKind.Refund, RefundNumber: "R-5"));
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(1_00);
        (await desk.Balance(Account.FeeIncome)).ShouldBe(18 + 1_99);
        (await desk.Balance(Account.Available(new("m1")))).ShouldBe(2_99);
        (await desk.Balance(Account.DifferenceHeld(Channel.Sandbox))).ShouldBe(3_98);
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(4_98);
        (await desk.Live()).Select(row => (row.Status, row.Owner)).ShouldBe([("held", "mei")]);

        // The same key, an unknown merchant, an unknown difference.
        (await desk.House.Differences.ProposeReversal(
            new((await desk.Of("B1")).DifferenceId), "found", Bo, default)).Refusal.ShouldBeNull();
        (await desk.Approve(await desk.Of("B1"), 2)).ShouldBe("approver_is_proposer");
        (await desk.House.Differences.Approve(
            new((await desk.Of("B1")).DifferenceId), 2, new("key:bo.2", "test"), default)).Refusal!.Code
            .ShouldBe("approver_is_proposer");
        (await desk.Propose(
            await desk.Of("B4"), new(RemedyKind.Supplement, Account.Available(new("nobody"))))).ShouldBe(
            "merchant_not_found");
        (await desk.House.Differences.Approve(new("d0"), 1, Bo, default)).Refusal!.Code
            .ShouldBe("difference_not_found");
    }

    [Fact]
    public async Task A_refund_to_the_payer_is_met_by_its_row_in_a_later_bill()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B5", 5_00));
        await desk.Close(await desk.Of("B5"), new(RemedyKind.Refund, RefundNumber: "R-5"));
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(4_98);

        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Refunded("B5", "R-5", 5_00, Friday.Next));
        (await desk.Live()).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Balance(Account.PayerRefund(Channel.Sandbox))).ShouldBe(0);
        (await desk.Of("R-5")).ClosedWith.ShouldBe($"refund R-5 of difference {(await desk.Of("B5")).DifferenceId}");
        (await desk.Of("B5")).RefundOwedMinor.ShouldBe(0);
    }

    [Fact]
    public async Task A_corrected_bill_undoes_what_was_done_about_what_it_lacks()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("B2", 2_00));
        await desk.Close(await desk.Of("B1"), new(RemedyKind.WriteOff));
        await desk.Import(Friday, "corrected", Paid("A1", 10_00), Paid("A2", 20_00), Paid("B2", 2_00));
        (await desk.Suspense()).ShouldBe(1_99);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(0);
        (await desk.Propose(await desk.Of("B1"), new(RemedyKind.WriteOff))).ShouldBe("difference_taken_back");

        // And the first bill was right after all, with another amount.
        await desk.Import(
            Friday, "corrected again", Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_50), Paid("B2", 2_00));
        var again = await desk.Of("B1");
        (again.Status, again.LeftMinor).ShouldBe(("open", 1_49));
        (await desk.Propose(again, new(RemedyKind.WriteOff), again.Version)).ShouldBeNull();
        (await desk.Approve(again, 2)).ShouldBeNull();
        (await desk.Suspense()).ShouldBe(1_99);
    }

    [Fact]
    public async Task A_rule_is_tried_on_past_days_approved_and_explains_what_comes()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("part-1", 12_00), Paid("part-2", 8_00));
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], Channel.Sandbox, 5, null, AccountKind.ChannelCost,
            new("only_with_us", "payment:*"), new("only_at_channel", "payment:part-*"));
        var tried = await desk.House.Rules.Test(terms, Friday, Friday, default);
        tried.Matches.Single().Members.Select(member => member.Difference.Finding.Excess.MinorUnits).Order()
            .ShouldBe([-19_92, 7_97, 11_95]);
        (await desk.Suspense()).ShouldBe(0 - 19_92 + 7_97 + 11_95);

        (await desk.House.Rules.Propose("parts", terms, "paid in parts", Mei, default)).Refusal.ShouldBeNull();
        await Swept(desk);
        (await desk.Live()).Count.ShouldBe(3);
        foreach (var alone in new[] { Mei, new("key:mei.2", "test") })
            (await desk.House.Rules.Approve("parts", 1, alone, default)).Refusal!.Code
                .ShouldBe("rule_approver_is_proposer");
        (await desk.House.Rules.Approve("parts", 1, Bo, default)).Refusal.ShouldBeNull();
        await Swept(desk);
        (await desk.Live()).ShouldBeEmpty();
        var one = await desk.Of("A2");
        (one.Rule, one.RuleVersion, one.ClosedWith!.Split(' ').Length).ShouldBe(("parts", 1, 3));
        one.WithOthers!.Split(' ').ShouldBe(one.ClosedWith.Split(' ').Where(id => id != one.DifferenceId));
        var report = await new LedgerReports(desk.House.Views, desk.House.Archive, desk.House.Clock)
            .OfDay(Friday, default);
        report.Differences.ShouldAllBe(row => row.Reason.StartsWith("parts v1，与 ", StringComparison.Ordinal));
        (await desk.Suspense()).ShouldBe(0);
        await Swept(desk);

        // People undo it for one of them; the next run leaves it to them.
        (await desk.House.Differences.ProposeReversal(new(one.DifferenceId), "no", Mei, default)).Refusal
            .ShouldBeNull();
        (await desk.Approve(one)).ShouldBeNull();
        await Swept(desk);
        (await desk.Live()).Single().DifferenceId.ShouldBe(one.DifferenceId);
        (await desk.Suspense()).ShouldBe(-19_92);
    }

    // The day's bill again: nothing is compared, and the run looks after the differences.
    private static Task Swept(FinanceDesk desk) => desk.Import(
        Friday, null, Paid("A1", 10_00), Paid("part-1", 12_00), Paid("part-2", 8_00));
}
