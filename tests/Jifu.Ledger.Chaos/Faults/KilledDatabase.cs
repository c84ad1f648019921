using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F2: PostgreSQL is killed (kill -9 of the postmaster) under load; the server is left alone.</summary>
internal static class KilledDatabase
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var (back, healed) = (new List<TimeSpan>(), new List<TimeSpan>());
        var random = new Random(options.Seed);
        house.Street.Open();
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(500, 2_000));
            var killed = TimeProvider.System.GetTimestamp();
            await house.Cluster.Kill();
            await house.Cluster.Start();
            back.Add(TimeProvider.System.GetElapsedTime(killed));
            healed.Add(await Acknowledged(house));
        }

        await house.Street.Close();
        var open = house.Street.Purchases.Count(purchase => !purchase.Settled);
        verdict.Told(Invariant($"{options.Rounds} kills, {house.Street.Purchases.Count} orders sent, ")
            + Invariant($"{open} without an answer when the last kill was over; PostgreSQL was back after ")
            + Invariant($"{back.Max().TotalSeconds:0.0} s at most"));
        verdict.Holds("the server lived through it", !house.Server.Process.HasExited);
        verdict.Within(
            "a call ends, in an answer or an error,", TimeSpan.FromSeconds(10),
            [.. house.Street.Purchases.SelectMany(purchase => purchase.Took)]);
        verdict.Within("the pools heal by themselves", TimeSpan.FromSeconds(15), healed);
        await house.Books.Check(verdict);
    }

    /// <summary>How long it takes until a new order is acknowledged again.</summary>
    public static async Task<TimeSpan> Acknowledged(House house)
    {
        var since = TimeProvider.System.GetTimestamp();
        Purchase purchase;
        do
            await (purchase = house.Street.Next()).Pay();
        while (purchase.PaymentId is null && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromMinutes(2));
        return TimeProvider.System.GetElapsedTime(since);
    }
}
