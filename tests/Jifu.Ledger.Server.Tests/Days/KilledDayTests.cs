using System.Text.RegularExpressions;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>The same day on two servers: one is left alone, the other is killed again and again.</summary>
public class KilledDayTests(ServerUnderTest calm, KillableServer killed)
    : IClassFixture<ServerUnderTest>, IClassFixture<KillableServer>
{
    private const int Differences = 4;

    [Fact]
    public async Task A_day_in_which_the_server_is_killed_comes_to_the_same()
    {
        var undisturbed = await SmallDay.Begin(calm);
        await undisturbed.Play();
        await undisturbed.Plant(Differences);
        await undisturbed.End();
        var closed = await undisturbed.Close();

        var disturbed = await SmallDay.Begin(killed);
        foreach (var (index, step) in disturbed.Trade.Index())
        {
            if (index == SmallDay.ClearingStep)
                await KillIn(step);
            await step();
        }

        await disturbed.Plant(Differences);
        await disturbed.End();
        var broken = disturbed.Close();
        await Task.Delay(60);
        await killed.KillAndStart();
        await Task.WhenAny(broken);
        Told(await disturbed.Close()).ShouldBe(Told(closed));
        (await disturbed.Found()).ShouldBe(await undisturbed.Found());
        (await Balances(killed)).ShouldBe(await Balances(calm));
        (await Payouts(killed)).ShouldBe(await Payouts(calm));
        var (files, others) = (await undisturbed.Finance(), await disturbed.Finance());
        foreach (var file in new[] { "summary.csv", "settlement.csv", "differences.csv" })
            (await SmallDay.FileIn(others, file)).ShouldBe(await SmallDay.FileIn(files, file));
    }

    // Each server has a bill of its own, with the times of its own day; and it may have been imported before the kill.
    private static string Told(Answer closed) =>
        Regex.Replace(closed.Body, "\"(sha256|already_there)\":[^,}]*", "");

    // Somewhere on its way; whatever came of it, it is asked for again.
    private async Task KillIn(Func<Task> step)
    {
        var broken = step();
        await Task.Delay(60);
        await killed.KillAndStart();
        await Task.WhenAny(broken);
    }

    private static async Task<string> Balances(RunningServer server) =>
        (await server.AsOperator("GET", "/v1/balances")).Body;

    private static Task<string> Payouts(RunningServer server) => server.AsSuperuser<string>(
        "SELECT string_agg(concat_ws(' ', reference, account, amount), E'\\n' ORDER BY reference) FROM sandbox.payout");
}
