using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F15: the server is asked to stop (SIGTERM) while requests are under way.</summary>
internal static class StoppedServer
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var (stops, codes) = (new List<TimeSpan>(), new List<int>());
        var random = new Random(options.Seed);
        house.Street.Open();
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(100, 800));
            var (code, took) = await house.Server.Process.End("TERM");
            codes.Add(code);
            stops.Add(took);
            await house.StartServer();
        }

        await house.Street.Close();
        verdict.Told(Invariant($"{options.Rounds} stops, {house.Street.Purchases.Count} orders sent"));
        verdict.Holds(
            "each stop ended with exit code 0", codes.TrueForAll(code => code == 0),
            string.Join(", ", codes.Distinct()));
        verdict.Within("stopped", TimeSpan.FromSeconds(30), stops);
        await house.Books.Check(verdict);
    }
}
