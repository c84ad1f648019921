using System.Collections.Concurrent;
using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F4: the database's disk of 256 MiB is full for a while; then the one for finance files is.</summary>
internal static class FullDisk
{
    private const int Mebibytes = 256;
    private static readonly TimeSpan Beginning = TimeSpan.FromSeconds(2);

    public static async Task<Cluster> Prepare(Playground playground)
    {
        var disk = await playground.SmallFolder("pg", Mebibytes);
        var cluster = new Cluster(playground, "postgres", disk);
        cluster.Settings.AddRange(["min_wal_size=32MB", "max_wal_size=48MB", "wal_recycle=on"]);
        await cluster.Create("--wal-segsize=1");
        return cluster;
    }

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        house.Street.Open();
        await Task.Delay(4_000);
        var known = house.Street.Purchases.Where(purchase => purchase.Settled).Take(20).ToList();
        var ballast = house.Playground.In("pg/ballast");
        await using (var file = new FileStream(ballast, FileMode.Create))
            Fill(file);
        var full = TimeProvider.System.GetTimestamp();

        // Some room is left in pages and in the log of what is under way.
        while (await house.Server.Health() == 200 && TimeProvider.System.GetElapsedTime(full).TotalSeconds < 20)
            await Task.Delay(100);
        var seen = new ConcurrentBag<Reply>();
        var (ready, reads, ended, begun) = (0, new List<Reply>(), 0, full);
        while (TimeProvider.System.GetElapsedTime(full).TotalSeconds < options.Seconds)
        {
            seen.Add(await house.Street.Next().Pay());
            var told = new List<Reply>();
            foreach (var purchase in known.Take(4))
                told.Add(await house.Street.Sender.Send(
                    purchase.Merchant.Signer, "GET", $"/v1/payments/by-order-no/{purchase.OrderNo}"));
            ready += await house.Server.Health() == 200 ? 1 : 0;

            // What was asked while PostgreSQL came to its end, or had just begun anew, says nothing of reading.
            if (await Restarted(house))
                (ended, begun) = (ended + 1, TimeProvider.System.GetTimestamp());
            else if (TimeProvider.System.GetElapsedTime(begun) > Beginning)
                reads.AddRange(told);
        }

        Judge(verdict, [.. seen], reads, ready, ended);
        File.Delete(ballast);
        while (house.Cluster.Postmaster.HasExited)
            await Restarted(house);
        verdict.Within(
            "payments go on once there is room", TimeSpan.FromSeconds(15), [await KilledDatabase.Acknowledged(house)]);
        await house.Street.Close();
        await house.Server.Ready();
        verdict.Holds("the server was never started anew", !house.Server.Process.HasExited);
        await house.Books.Check(verdict);
        await Export(house, verdict);
    }

    private static void Judge(Verdict verdict, List<Reply> seen, List<Reply> reads, int ready, int ended)
    {
        verdict.Told("while the disk was full: orders " + string.Join(", ", Counted(seen)) + "; reads "
            + string.Join(", ", Counted(reads)) + (ended > 0
                ? Invariant($"; PostgreSQL had no room for its log and ended {ended} times") : ""));
        verdict.Holds("not every order was taken", seen.Exists(reply => !reply.Ok));
        verdict.Holds(
            "whoever is not served gets 503 or 507",
            seen.TrueForAll(reply => reply.Ok || reply.Status is 503 or 507));
        verdict.Holds(
            "reading goes on while PostgreSQL runs",
            (reads.Count > 0 || ended > 0) && reads.TrueForAll(reply => reply.Ok),
            Invariant($"{reads.Count} reads"));
        verdict.Holds("the server says that it is not ready", ready == 0, Invariant($"ready {ready} times"));
    }

    private static IEnumerable<string> Counted(List<Reply> replies) => replies.GroupBy(reply => $"{reply}")
        .Select(same => Invariant($"{same.Count()} x {same.Key}"));

    private static void Fill(FileStream file)
    {
        var block = new byte[4096];
        try
        {
            while (true)
            {
                file.Write(block);
                file.Flush();
            }
        }
        catch (IOException)
        {
            // Full to the last page.
        }
    }

    // What scripts/run does for its own cluster.
    private static async Task<bool> Restarted(House house)
    {
        if (!house.Cluster.Postmaster.HasExited)
            return false;
        try
        {
            await house.Cluster.Start();
        }
        catch (InvalidOperationException)
        {
            await Task.Delay(500);
        }

        return true;
    }

    private static async Task Export(House house, Verdict verdict)
    {
        var day = await Day.Close(house);
        var folder = Path.Combine(house.Server.Home, "finance");
        foreach (var file in Directory.GetFiles(folder))
            File.Delete(file);
        await house.Playground.SmallFolder(Path.Combine("home", "finance"), 1);
        var ballast = Path.Combine(folder, "ballast");
        await using (var file = new FileStream(ballast, FileMode.Create))
            Fill(file);
        var refused = await Day.Finance(house, day);
        var left = Directory.GetFiles(folder).Count(file => file != ballast && new FileInfo(file).Length > 0);
        verdict.Holds(
            "an export into a full folder is answered with 507 and leaves nothing", refused.Status == 507 && left == 0,
            Invariant($"{refused}, {left} files"));
        await Command.Run("mount", "-o", "remount,size=64m", folder);
        File.Delete(ballast);
        var made = await Day.Finance(house, day);
        verdict.Holds("and works once there is room", made.Ok, $"{made}");
    }
}
