using Jifu.Ledger.Channels;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>What has no end yet is asked about, whatever becomes of another question.</summary>
public class OutcomeChaseTests
{
    [Fact]
    public async Task A_question_that_fails_keeps_no_other_from_being_asked()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        var first = (await house.Order("m1", "1", 1_00)).Id;
        var second = (await house.Order("m1", "2", 2_00)).Id;
        house.Channel.OnQuery = id => id == first
            ? throw new InvalidOperationException("broken")
            : new ChannelAnswer.Paid("42002", new(2_00, Currency.CNY), house.Clock.Now);
        await house.CatchUp();

        await Should.ThrowAsync<AggregateException>(house.Chase.Run(true, House.By, default));
        (await house.Payments.Find(second, default)).ShouldBeOfType<Payment.Paid>();
    }

    [Fact]
    public async Task Every_open_payment_has_its_turn_however_many_there_are()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        for (var i = 0; i < 600; i++)
            await house.Order("m1", $"{i}", 1_00);
        await house.CatchUp();
        house.Clock.Now = house.Clock.Now.AddMinutes(1);

        // The payers take their time: the channel has no news of any.
        (await house.Chase.Run(false, House.By, default) + await house.Chase.Run(false, House.By, default))
            .ShouldBe(600);
    }

    [Fact]
    public async Task Two_chases_at_once_take_turns()
    {
        await using var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        var order = (await house.Order("m1", "1", 1_00)).Id;
        await house.CatchUp();
        using var begun = new SemaphoreSlim(0);
        using var goOn = new SemaphoreSlim(0);
        var asked = 0;
        house.Channel.OnQuery = _ =>
        {
            if (Interlocked.Increment(ref asked) > 1)
                return new ChannelAnswer.Unknown("asked by two");
            begun.Release();
            goOn.Wait();
            return new ChannelAnswer.Paid("4200", new(1_00, Currency.CNY), house.Clock.Now);
        };
        var one = Task.Run(() => house.Chase.Run(true, House.By, default));
        await begun.WaitAsync();
        var other = Task.Run(() => house.Chase.Run(true, House.By, default));
        await Task.WhenAny(other, Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System));
        goOn.Release();
        asked.ShouldBe(1);
        await Task.WhenAll(one, other);
        (await house.Payments.Find(order, default)).ShouldBeOfType<Payment.Paid>();
    }
}
