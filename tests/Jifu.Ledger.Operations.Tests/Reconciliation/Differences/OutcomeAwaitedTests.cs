using Jifu.Ledger.Channels;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>What our own order may still book is given to nobody meanwhile: he would have it twice.</summary>
public class OutcomeAwaitedTests
{
    private static readonly Remedy ToMerchant = new(RemedyKind.Supplement, Account.Available(new("m1")));
    private static readonly Remedy Hold = new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next);

    [Fact]
    public async Task While_the_channel_owes_an_answer_it_is_held_or_asked_for_again_and_no_more()
    {
        await using var desk = await FinanceDesk.Open();
        var row = await Unanswered(desk);
        row.OrderStatus.ShouldBe("unknown");
        (await desk.Propose(row, new(RemedyKind.Supplement))).ShouldBeNull();
        (await desk.Approve(row)).ShouldBe("supplement_not_carried_out");

        foreach (var remedy in new[]
        {
            ToMerchant, new(RemedyKind.Refund, RefundNumber: "R-1"), new(RemedyKind.WriteOff),
            new(RemedyKind.Adjust, Account.FeeIncome),
        })
        {
            (await desk.Propose(row, remedy)).ShouldBe("outcome_awaited");
            (await desk.House.Differences.Refused(new(row.DifferenceId), remedy, "so", default, Mei, default))!.Code
                .ShouldBe("outcome_awaited");
        }

        (await desk.Propose(row, Hold)).ShouldBeNull();
        (await desk.Approve(row, 2)).ShouldBeNull();
        (await desk.Propose(row, ToMerchant)).ShouldBe("outcome_awaited");
        await Succeeds(desk);
        (await desk.Of("A3")).ClosedWith.ShouldBe(row.Key);
        (await desk.Balance(Account.Available(new("m1")))).ShouldBe(0);
        (await desk.Balance(Account.Pending(new("m1")))).ShouldBe(34_79);
        (await desk.Suspense()).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_proposed_before_is_not_approved_either()
    {
        await using var desk = await FinanceDesk.Open();
        var row = await Unanswered(desk);
        await desk.House.Desk.Handle(
            Aggregates.Differences, row.DifferenceId, new DifferenceCommand.Propose(
                row.Finding, ToMerchant, "looked into it", null, Mei.Actor, desk.House.Clock.Now), Mei, default);
        (await desk.Approve(row)).ShouldBe("outcome_awaited");
        (await desk.Of("A3")).Status.ShouldBe("proposed");
        (await desk.Balance(Account.Available(new("m1")))).ShouldBe(0);
    }

    [Fact]
    public async Task No_rule_takes_it_and_once_the_order_has_failed_all_is_free()
    {
        await using var desk = await FinanceDesk.Open();
        var row = await Unanswered(desk);
        var all = new MatchingTerms(
            MatchingKind.Tolerance, ["only_at_channel"], [], [], null, 10_00, null, AccountKind.DifferenceResult);
        (await desk.House.Rules.Propose("small", all, "small amounts", Mei, default)).Refusal.ShouldBeNull();
        (await desk.House.Rules.Approve("small", 1, Bo, default)).Refusal.ShouldBeNull();
        await Bill(desk);
        (await desk.Of("A3")).Status.ShouldBe("open");

        await desk.House.Payments.Record(OrderOf(row.Key), new ChannelAnswer.Refused("CLOSED", "over"), Mei, default);
        (await desk.Propose(await desk.Of("A3"), ToMerchant)).ShouldBeNull();
        await Bill(desk);
        (await desk.Of("A3")).Status.ShouldBe("proposed");
    }

    [Theory]
    [InlineData("refund")]
    [InlineData("merchant")]
    public async Task An_order_for_which_the_channel_took_another_amount_ends_when_two_give_its_money_to_somebody(
        string to)
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 6_00)).Id;
        var remedy = to == "refund" ? new Remedy(RemedyKind.Refund, RefundNumber: "R-1") : ToMerchant;
        await Bill(desk);
        var row = await desk.Of("A3");
        (await desk.Propose(row, remedy)).ShouldBe("outcome_awaited");

        // Asked, the channel says what its bill says: 5 yuan, where 6 were ordered.
        var paid = new ChannelAnswer.Paid("4200A3", new(5_00, Currency.CNY), Friday.Start.AddHours(12));
        await desk.House.Payments.Record(order, paid, Mei, default);
        row = await desk.Of("A3");
        Suggestion.For(row.Open, row.Context(1)).Code.ShouldBe("order_of_another_amount");
        (await desk.Propose(row, remedy)).ShouldBeNull();
        (await desk.House.Payments.Find(order, default)).ShouldBeOfType<Payment.Pending>();
        (await desk.House.Differences.Approve(new(row.DifferenceId), 1, Mei, default)).Refusal!.Code
            .ShouldBe("approver_is_proposer");
        (await desk.House.Differences.Approve(new(row.DifferenceId), 2, Bo, default)).Refusal!.Code
            .ShouldBe("proposal_not_found");
        (await desk.House.Payments.Find(order, default)).ShouldBeOfType<Payment.Pending>();

        (await desk.Approve(row)).ShouldBeNull();
        (await desk.House.Payments.Find(order, default)).ShouldBeOfType<Payment.Failed>().Code
            .ShouldBe("another_amount_paid");
        (await desk.Of("A3")).Status.ShouldBe("closed");
        (await desk.Suspense()).ShouldBe(0);
        var receiver = to == "refund" ? Account.PayerRefund(Channel.Sandbox) : Account.Available(new("m1"));
        (await desk.Balance(receiver)).ShouldBe(4_98);

        // Whatever the channel says from now on, its money is not booked once more.
        await desk.House.Payments.Record(order, paid, Mei, default);
        await desk.House.Payments.Record(order, paid with { Amount = new(6_00, Currency.CNY) }, Mei, default);
        await desk.Sweep();
        (await desk.Balance(receiver)).ShouldBe(4_98);
        (await desk.Balance(Account.Pending(new("m1")))).ShouldBe(29_82);
    }

    [Fact]
    public async Task What_a_version_before_let_people_give_and_the_order_booked_as_well_is_listed_and_reversed()
    {
        await using var desk = await FinanceDesk.Open();
        var first = await Unanswered(desk);
        foreach (var command in new DifferenceCommand[]
        {
            new DifferenceCommand.Propose(
                first.Finding, new(RemedyKind.WriteOff), "old", null, Mei.Actor, desk.House.Clock.Now),
            new DifferenceCommand.Approve(first.Finding, 1, Bo.Actor, desk.House.Clock.Now),
        })
            await desk.House.Desk.Handle(Aggregates.Differences, first.DifferenceId, command, Bo, default);
        (await Listed(desk)).ShouldBeEmpty();
        await Succeeds(desk);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(4_98);

        var twice = (await Listed(desk)).ShouldHaveSingleItem();
        twice.DifferenceId.ShouldBe(first.DifferenceId);
        (await desk.House.Differences.ProposeReversal(new(twice.DifferenceId), "booked twice", Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.Approve(twice, 2)).ShouldBeNull();
        await desk.Sweep();
        (await desk.Of("A3")).ClosedWith.ShouldBe(first.Key);
        (await Listed(desk)).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(0);
    }

    private static async Task<IReadOnlyList<ReadModels.Reconciliation.Differences.DifferenceLifeRow>> Listed(
        FinanceDesk desk)
    {
        await desk.House.CatchUp();
        return await desk.Queries.List(new("booked_twice"), default);
    }

    private static async Task<ReadModels.Reconciliation.Differences.DifferenceLifeRow> Unanswered(FinanceDesk desk)
    {
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.House.Payments.Record(order, new ChannelAnswer.Unknown("no answer in time"), Mei, default);
        await Bill(desk);
        return await desk.Of("A3");
    }

    private static async Task Succeeds(FinanceDesk desk)
    {
        await desk.House.Payments.Record(
            OrderOf((await desk.Of("A3")).Key),
            new ChannelAnswer.Paid("4200A3", new(5_00, Currency.CNY), Friday.Start.AddHours(12)), Mei, default);
        await Bill(desk);
    }

    private static PaymentId OrderOf(string key) => new(key.Split(':')[1]);

    // The same file again compares nothing, and the run looks after the differences.
    private static Task Bill(FinanceDesk desk) => desk.Import(
        Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
}
