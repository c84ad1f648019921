using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Settlement;

using static Given;
using static SettlementCommand;

/// <summary>What holds for a payout whatever is asked of it, in whatever order.</summary>
public class SettlementProperties
{
    private static readonly Order Ordered = new(
        new(TeaHouse, new("b-1"), Channel.WeChatPay, Friday, SettlementTerm.T1, Cny(198_00), "bank-77", Noon), Passed);

    private static readonly Gen<SettlementCommand> Step =
        from attempt in Gen.Choose(1, 3).Select(number => $"s-1_{number}")
        from step in Gen.Elements<SettlementCommand>(
            Ordered, new Send(new("s-1"), Saturday, Noon), new MarkUnknown(attempt, "no answer in time", Noon),
            new Confirm(attempt, "bk-1", Saturday, Noon), new Confirm(attempt, "bk-2", Saturday, Noon),
            new Fail(attempt, "CLOSED", "no such account", Saturday, Noon),
            new Return(attempt, "bk-9", "s-9", Saturday, Noon))
        select step;

    private static readonly Gen<IReadOnlyList<SettlementCommand>> Walks = Gen.ListOf(Step).Resize(25)
        .Select(commands => (IReadOnlyList<SettlementCommand>)[Ordered, .. commands]);

    [Fact]
    public void A_merchant_is_paid_at_most_once_and_never_while_it_is_not_known() => Holds.ForAll(Walks, walk =>
    {
        var (order, books, confirmed) = (SettlementOrder.Initial, new Books(), 0);
        var returned = new List<string>();
        foreach (var command in walk)
        {
            foreach (var @event in SettlementOrder.Decide(order, command).Events)
            {
                if (order is SettlementOrder.InTransit sent)
                {
                    @event.ShouldNotBeOfType<SettlementEvent.PayoutSent>();
                    (command as Answer)?.Reference.ShouldBe(sent.Reference);
                }

                order = SettlementOrder.Evolve(order, @event);
                books.Post(@event);
                confirmed += @event is SettlementEvent.PayoutConfirmed ? 1 : 0;
                if (@event is SettlementEvent.PayoutReturned back)
                    returned.Add(back.Reference);
            }

            SettlementOrder.Decide(order, command).Events.Where(again => again is not SettlementEvent.PayoutSent)
                .ShouldBeEmpty($"{command} again");
            returned.ShouldBeUnique();
            var paid = confirmed - returned.Count;
            paid.ShouldBeInRange(0, 1);
            books.BalanceOf(Account.Bank, Currency.CNY).ShouldBe(Cny(-198_00 * paid));
            books.BalanceOf(Account.Available(TeaHouse), Currency.CNY)
                .ShouldBe(Cny(order is SettlementOrder.InTransit || paid == 1 ? 198_00 : 0));
            books.BalanceOf(Account.InTransit(TeaHouse), Currency.CNY)
                .ShouldBe(Cny(order is SettlementOrder.InTransit ? -198_00 : 0));
        }
    });

    [Fact]
    public void Each_attempt_goes_out_under_a_number_of_its_own() => Holds.ForAll(Walks, walk =>
    {
        var (order, numbers) = (SettlementOrder.Initial, new List<string>());
        foreach (var command in walk)
        {
            var events = SettlementOrder.Decide(order, command).Events;
            order = events.Aggregate(order, SettlementOrder.Evolve);
            numbers.AddRange(events.OfType<SettlementEvent.PayoutSent>().Select(sent => sent.Reference));
        }

        numbers.ShouldBeUnique();
    });
}
