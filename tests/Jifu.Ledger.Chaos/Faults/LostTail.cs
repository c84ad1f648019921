using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>The database comes back without its last commits while the server lives, as when a standby takes over that
/// had not got them yet.</summary>
internal static class LostTail
{
    private const int Payments = 5;

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        house.Street.Open();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        await house.Street.Close();
        await house.Street.Settle();
        var older = await Kept(house);
        await Lose(house, older);

        var code = await house.Server.Process.Ended(TimeSpan.FromSeconds(60));
        verdict.Holds("the server ends by itself, with code 3", code == 3, Invariant($"{code}"));
        if (code is null)
            await house.Server.Process.Kill();
        var end = await house.Cluster.Value<long>("SELECT max(position) FROM log.events");
        var found = Invariant($"THE LOG HAS LOST ITS END: the log ends at position {end}, but this process was told ");
        verdict.Holds("its log names the positions", house.Server.Process.Said(500).Contains(found), found);
        var views = await house.Cluster.Value<long>("SELECT max(position) FROM views.checkpoint");
        verdict.Holds(
            "no view has seen what the log has lost", views <= end,
            Invariant($"position {views}, the log ends at {end}"));

        await house.StartServer();
        await KilledDatabase.Acknowledged(house);
        await house.Books.Check(verdict);
    }

    /// <summary>A copy of the database as it is now.</summary>
    private static async Task<string> Kept(House house)
    {
        var older = Path.Combine(await house.Playground.DatabaseFolder("older"), "data");
        await house.Cluster.Stop();
        await Command.Run("cp", "-a", house.Cluster.Data, older);
        await house.Cluster.Start();
        return older;
    }

    /// <summary>Lets some payments be acknowledged, and puts the older copy in the database's place.</summary>
    private static async Task Lose(House house, string older)
    {
        var since = TimeProvider.System.GetUtcNow();
        await KilledDatabase.Acknowledged(house);
        for (var i = 0; i < Payments; i++)
            await house.Street.Next().Insist();
        await house.Cluster.Stop();
        await Command.Run("rm", "-rf", house.Cluster.Data);
        await Command.Run("cp", "-a", older, house.Cluster.Data);
        await house.Cluster.Start();

        // They are gone, as who runs a standby that lags has chosen; their merchants ask again.
        foreach (var purchase in house.Street.Purchases.Where(one => one.At >= since))
            purchase.Forget();
    }
}
