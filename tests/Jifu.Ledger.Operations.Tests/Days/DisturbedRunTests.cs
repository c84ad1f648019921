using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Clearing;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Merchants;
using Jifu.Ledger.Operations.Tests.Statements;
using Jifu.Ledger.Settlement;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>A clearing run comes to the same whatever happens to it on its way.</summary>
public class DisturbedRunTests
{
    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        await using var house = await Traded();
        await RunOver(house, house.Log).ClearDay(Channel.Sandbox, House.Friday, House.By, default);
        return await Result(house);
    });

    [Fact]
    public async Task Killed_at_each_step_it_comes_to_what_an_undisturbed_one_does()
    {
        await using var house = await Traded();
        var (kills, ended) = (0, false);
        while (!ended)
        {
            // Each start may try one append more than the one before it.
            var left = kills;
            GatedLog log = new(house.Log, _ => left-- > 0 ? Task.CompletedTask : throw new KilledException());
            try
            {
                await RunOver(house, log).ClearDay(Channel.Sandbox, House.Friday, House.By, default);
                ended = true;
            }
            catch (KilledException)
            {
                kills.ShouldBeLessThan(100);
                kills++;
            }

            // What is paid meanwhile is the next day's, however often this one is begun.
            await house.Pay("m1", $"after {kills}", 1_00);
        }

        kills.ShouldBeGreaterThan(6);
        (await Result(house)).ShouldBe(await Undisturbed.Value);
    }

    [Fact]
    public async Task Two_that_run_at_once_come_to_what_one_does()
    {
        await using var house = await Traded();
        await using var other = house.OtherProcess();
        await Task.WhenAll(
            Task.Run(() => RunOver(house, house.Log).ClearDay(Channel.Sandbox, House.Friday, House.By, default)),
            Task.Run(() => RunOver(house, other).ClearDay(Channel.Sandbox, House.Friday, House.By, default)));

        (await Result(house)).ShouldBe(await Undisturbed.Value);
    }

    // A day that is over: two merchants of T+1, and one that was paid out on the day itself and has traded since.
    private static async Task<House> Traded()
    {
        var house = await House.Open();
        await house.Register("m1", SettlementTerm.T1);
        await house.Register("m2", SettlementTerm.T1);
        await house.Register("m3", SettlementTerm.T0);
        await house.Pay("m1", "1", 100_00);
        await house.Pay("m2", "1", 33_33);
        await house.Pay("m3", "1", 50_00);
        await house.Clearing.ClearNow(Channel.Sandbox, null, House.By, default);
        await house.Pay("m1", "2", 20_01);
        await house.Pay("m3", "2", 70_00);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        await house.CatchUp();
        return house;
    }

    // As another process would have it, upon a log of its own.
    private static ClearingRun RunOver(House house, IEventLog log)
    {
        CommandDesk desk = new(log, LedgerEvents.Codec, house.Desk.Ids);
        MerchantDesk merchants = new(desk);
        FundsDesk funds = new(desk, merchants, house.Known(log), house.Clock);
        return new(
            desk, house.Projector, new(house.Views), new(house.Views),
            new(desk, merchants, house.Risk, funds, house.Channel, house.Clock), house.Clock);
    }

    // What stands in the views of the day, and what the bank has paid: not when, nor at which positions.
    private static async Task<string> Result(House house)
    {
        await house.CatchUp();
        await using var source = NpgsqlDataSource.Create(house.Connection);
        await using var command = source.CreateCommand("""
            SELECT string_agg(line, E'\n' ORDER BY line) FROM (
                SELECT p::text AS line FROM views.clearing_position p
                UNION ALL SELECT format('%s %s %s %s', batch_id, day, run, status) FROM views.clearing_batch
                UNION ALL SELECT format('%s %s %s', account, rule, sum(amount_minor)) FROM views.journal_line
                WHERE rule IN ('merchant_cleared', 'payout_sent', 'payout_confirmed') GROUP BY account, rule
                UNION ALL SELECT format('%s %s %s', settlement_id, amount_minor, status) FROM views.settlement) AS lines
            """);
        var payouts = house.Channel.PaidOut.Values.Select(payout => $"{payout}").Order(StringComparer.Ordinal);
        return string.Join('\n', payouts.Prepend((string)(await command.ExecuteScalarAsync())!));
    }

    private sealed class KilledException : Exception;
}
