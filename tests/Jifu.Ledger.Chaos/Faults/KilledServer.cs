using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F1: the server is killed (kill -9) under load, again and again.</summary>
internal static class KilledServer
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var restarts = new List<TimeSpan>();
        var random = new Random(options.Seed);
        house.Street.Open();
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(100, 800));
            await house.Server.Process.Kill();
            restarts.Add(await house.StartServer());
        }

        await house.Street.Close();
        var open = house.Street.Purchases.Count(purchase => !purchase.Settled);
        verdict.Told(Invariant($"{options.Rounds} kills, {house.Street.Purchases.Count} orders sent, ")
            + Invariant($"{open} without an answer when the last kill was over"));
        await house.Books.Check(verdict);
        verdict.Within("ready after a kill", TimeSpan.FromSeconds(5), restarts);
    }
}
