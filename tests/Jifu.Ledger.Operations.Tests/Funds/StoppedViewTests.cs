using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Tests.Days;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>A read model that stands still, at an event that it cannot apply, still knows what it knew.</summary>
public class StoppedViewTests
{
    private static readonly MerchantId One = Crowd.One;

    [Fact]
    public async Task Money_leaves_as_far_as_a_view_that_has_stopped_covers_it()
    {
        var (log, view, crowd) = await Shop();
        await crowd.Pay(2);

        // Known from now on are 9.94, of which 6.00 go; nobody has asked again when the view stops.
        (await crowd.Refund(2, 0, 6_00)).ShouldBeTrue();
        await crowd.Pay(4);
        await crowd.Pay(6);
        await Stop(log, view);
        await crowd.Pay(8);
        (await crowd.Refund(4, 0, 6_00)).ShouldBeTrue();
        (await crowd.Refund(6, 0, 6_00)).ShouldBeTrue();
    }

    [Fact]
    public async Task A_success_right_before_it_is_known_unless_its_split_comes_next()
    {
        // An odd one comes with a split.
        var (log, view, crowd) = await Shop();
        await crowd.Pay(1);
        await crowd.Pay(2);
        await Stop(log, view);
        await crowd.Pay(4);
        (await new KnownFunds(log, view.Look).FindNewest(One, Currency.CNY, default))!.Value.Free.MinorUnits
            .ShouldBe(18_88);

        (log, view, crowd) = await Shop();
        await crowd.Pay(2);
        await crowd.Pay(1);
        await Stop(log, view, before: 1);
        (await new KnownFunds(log, view.Look).FindNewest(One, Currency.CNY, default)).ShouldBeNull();
    }

    private static async Task<(MemoryLog Log, LaggingFunds View, Crowd Crowd)> Shop()
    {
        var log = new MemoryLog(1);
        var view = new LaggingFunds(log);
        var crowd = new Crowd(log, new(log, view.Look), new ScriptedChannel());
        await crowd.Register(One, 0);
        return (log, view, crowd);
    }

    // It has come up to there already.
    private static async Task Stop(MemoryLog log, LaggingFunds view, int before = 0)
    {
        view.StopsAt = await log.Head(default) - before;
        while ((await view.Look([(One, Currency.CNY)], default))[(One, Currency.CNY)].Position < view.StopsAt)
        {
        }
    }
}
