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
        var (random, missed) = (new Random(options.Seed), 0);
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(50, 300));
            var cut = wire.AppendsCut;
            wire.CutNextCommits(random.Next(0, 3));
            wire.CutNextAppends(random.Next(1, 4));
            missed += await Hit(wire, cut) ? 0 : 1;
        }

        await house.Street.Close();
        wire.CutNextCommits(0);
        wire.CutNextAppends(0);
        verdict.Told(Invariant($"{wire.CutsMade} answers to commits lost, {wire.AppendsCut} of them to appends, ")
            + Invariant($"{house.Street.Purchases.Count} orders sent"));
        verdict.Holds(
            "in each round an append lost its answer", missed == 0, Invariant($"{missed} rounds without one"));
        await Repeats(house, wire, options.Rounds, verdict);
        await house.Books.Check(verdict);
        await house.Server.Process.End("TERM");
        await house.StartServer();
    }

    private static async Task<bool> Hit(CutWire wire, int cutBefore)
    {
        for (var waited = 0; wire.AppendsCut == cutBefore && waited < 5_000; waited += 10)
            await Task.Delay(10);
        return wire.AppendsCut > cutBefore;
    }

    // One at a time: the answer to a repeat is the first one, byte by byte.
    private static async Task Repeats(House house, CutWire wire, int rounds, Verdict verdict)
    {
        var (differing, missed) = (new List<string>(), 0);
        for (var round = 0; round < rounds; round++)
        {
            var purchase = house.Street.Next();
            var cut = wire.AppendsCut;
            wire.CutNextAppends(1);
            await purchase.Insist();
            missed += wire.AppendsCut > cut ? 0 : 1;
            var (first, second) = (await purchase.Pay("again-" + purchase.OrderNo), await purchase.Pay());
            if (first["payment_id"] != second["payment_id"] || !second.Ok)
                differing.Add($"{purchase.OrderNo}: {first}, {second}");
        }

        wire.CutNextAppends(0);
        verdict.Holds("each of them had lost an append's answer", missed == 0, Invariant($"{missed} had not"));
        verdict.Holds(
            "a repeat returns the first result", differing.Count == 0,
            differing.Count == 0 ? Invariant($"{rounds} repeats") : string.Join("; ", differing.Take(3)));
    }
}
