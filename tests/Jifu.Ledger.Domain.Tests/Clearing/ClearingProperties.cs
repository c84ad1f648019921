using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Clearing;

using static ClearingCommand;
using static Given;

/// <summary>What holds for a batch wherever a run is killed and started again.</summary>
public class ClearingProperties
{
    private static readonly Open Start = new(Channel.WeChatPay, Friday, SettlementTerm.T1, 1, [], Saturday, Noon);

    private static readonly Gen<MerchantPosition> Position =
        from gross in Gen.Choose(0, 1_000)
        from refunded in Gen.Choose(0, 1_000)
        from fees in Gen.Choose(-10, 10)
        from splits in Gen.Choose(-100, 100)
        from brought in Gen.Choose(-500, 0)
        select new MerchantPosition(TeaHouse, 1, 1, Cny(gross), Cny(refunded), Cny(fees), Cny(splits), Cny(brought));

    // What a run finds never changes; how far each start gets does.
    private static readonly Gen<(List<MerchantPosition> Found, List<int> Reached)> Runs =
        from positions in Gen.ListOf(Position).Resize(8)
        from reached in Gen.ListOf(Gen.Choose(0, 8)).Resize(6)
        select (positions.Select((position, at) => position with { Merchant = new($"m-{at}") }).ToList(),
            reached.ToList());

    [Fact]
    public void However_often_a_run_is_killed_each_merchant_is_cleared_once() => Holds.ForAll(Runs, run =>
    {
        var (batch, books, cleared) = (ClearingBatch.Initial, new Books(), new List<MerchantPosition>());
        var starts = run.Reached.SelectMany(reached => new ClearingCommand[]
        {
            Start, new Clear(new("b-1"), [.. run.Found.Take(reached)], Noon),
        });
        ClearingCommand[] last = [Start, new Clear(new("b-1"), run.Found, Noon), new Close(Noon), new Close(Noon)];
        foreach (var @event in starts.Concat(last).ToList().SelectMany(command => Decided(ref batch, command)))
        {
            books.Post(@event);
            if (@event is ClearingEvent.MerchantCleared one)
                cleared.Add(one.Position);
        }

        cleared.OrderBy(position => position.Merchant.Value)
            .ShouldBe(run.Found.OrderBy(position => position.Merchant.Value));
        foreach (var position in run.Found)
        {
            books.BalanceOf(Account.Available(position.Merchant), Currency.CNY).ShouldBe(-position.Payable);
            (position.Payable + position.CarriedForward).ShouldBe(position.Net);
        }
    });

    private static IReadOnlyList<ClearingEvent> Decided(ref ClearingBatch batch, ClearingCommand command)
    {
        var events = ClearingBatch.Decide(batch, command).Events;
        batch = events.Aggregate(batch, ClearingBatch.Evolve);
        return events;
    }
}
