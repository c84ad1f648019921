using Jifu.Ledger.Chaos.Stage;
using Jifu.Ledger.TestKit;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F3: the wire to the database is cut after a commit and before its answer, again and again.</summary>
internal static class LostAnswer
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        await using var wire = new CutWire(house.Cluster.Port);
        await house.Server.Process.End("TERM");
        var through = new NpgsqlConnectionStringBuilder(house.Cluster.App) { Port = wire.Port };
        await house.Server.Start(through.ConnectionString, house.Cluster.Owner);

        house.Street.Open();
        var random = new Random(options.Seed);
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(50, 300));
            wire.CutNextCommits(random.Next(1, 4));
        }

        await house.Street.Close();
        verdict.Told(Invariant($"{wire.CutsMade} answers to commits lost, {house.Street.Purchases.Count} orders sent"));
        verdict.Holds("answers were lost", wire.CutsMade > 0);
        await Repeats(house, wire, options.Rounds, verdict);
        await house.Books.Check(verdict);
        await house.Server.Process.End("TERM");
        await house.StartServer();
    }

    // One at a time: the answer to a repeat is the first one, byte by byte.
    private static async Task Repeats(House house, CutWire wire, int rounds, Verdict verdict)
    {
        var differing = new List<string>();
        for (var round = 0; round < rounds; round++)
        {
            var purchase = house.Street.Next();
            wire.CutNextCommits(1);
            await purchase.Insist();
            var (first, second) = (await purchase.Pay("again-" + purchase.OrderNo), await purchase.Pay());
            if (first["payment_id"] != second["payment_id"] || !second.Ok)
                differing.Add($"{purchase.OrderNo}: {first}, {second}");
        }

        wire.CutNextCommits(0);
        verdict.Holds(
            "a repeat returns the first result", differing.Count == 0,
            differing.Count == 0 ? Invariant($"{rounds} repeats") : string.Join("; ", differing.Take(3)));
    }
}
