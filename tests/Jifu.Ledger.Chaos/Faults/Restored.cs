using System.Globalization;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F10: the database is lost, and put back from a base backup and the archived log: to a moment of our choice,
/// and to the last moment that the archive has.</summary>
internal static class Restored
{
    public static async Task<Cluster> Prepare(Playground playground)
    {
        var archive = await playground.DatabaseFolder("archive");
        var cluster = new Cluster(playground, "postgres", await playground.DatabaseFolder("pg"));
        cluster.Settings.AddRange(
        [
            "archive_mode=on", "archive_timeout=2",
            $"archive_command=test ! -f {archive}/%f && cp %p {archive}/%f.part && mv {archive}/%f.part {archive}/%f",
        ]);
        await cluster.Create("--wal-segsize=1");
        return cluster;
    }

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        house.Street.Open();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var backup = Path.Combine(await house.Playground.DatabaseFolder("backup"), "data");
        await Command.Run(Playground.AsDatabaseUser(
            [Path.Combine(Cluster.Binaries, "pg_basebackup"), "-h", "127.0.0.1", "-U", "postgres",
                "-p", Invariant($"{house.Cluster.Port}"), "-D", backup, "-c", "fast", "-X", "stream"]));
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        await house.Jifu("audit", "checkpoint");
        var target = TimeProvider.System.GetUtcNow();
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(options.Seconds, 4)));
        var lost = TimeProvider.System.GetUtcNow();
        await house.Cluster.Kill();
        await house.Street.Close();
        await house.Server.Process.Kill();

        await ToTheEnd(house, backup, lost, verdict);
        await ToTheMoment(house, backup, target, verdict);
        await house.Books.Check(verdict);
    }

    /// <summary>What the archive alone still has, when all else is gone.</summary>
    private static async Task ToTheEnd(House house, string backup, DateTimeOffset lost, Verdict verdict)
    {
        var cluster = await Restore(house, "pg-end", backup, "recovery_target_timeline=current");
        var last = new DateTimeOffset(await cluster.Value<DateTime>("SELECT max(recorded_at) FROM log.events"));
        verdict.Within("the archive alone loses (RPO) what came", TimeSpan.FromSeconds(10), [lost - last]);
        await cluster.Stop();
    }

    private static async Task ToTheMoment(House house, string backup, DateTimeOffset target, Verdict verdict)
    {
        var since = TimeProvider.System.GetTimestamp();
        var moment = target.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture) + "+00";
        house.MoveTo(await Restore(
            house, "pg-moment", backup, $"recovery_target_time={moment}", "recovery_target_action=promote",
            "recovery_target_timeline=current"));
        SetNewerCheckpointsAside(house, target);
        await house.StartServer();

        // What was acknowledged later is gone by our own choice; its merchants ask for it again.
        var (kept, later) = (0, 0);
        foreach (var purchase in house.Street.Purchases.Where(purchase => purchase.PaymentId is not null))
        {
            kept += purchase.At <= target ? 1 : 0;
            later += purchase.At > target ? 1 : 0;
            if (purchase.At > target)
                purchase.Forget();
        }

        var rto = TimeProvider.System.GetElapsedTime(since) + await KilledDatabase.Acknowledged(house);
        var stood = await house.Cluster.Value<long>(
            $"SELECT count(*) FROM log.events WHERE type = 'payment.created' AND recorded_at <= '{moment}'");
        verdict.Told(Invariant($"put back to {moment}: {kept} acknowledged payments before it, {stood} in the log, ")
            + Invariant($"{later} acknowledged after it and asked for again"));
        verdict.Holds("all that was acknowledged before the moment is there (RPO 0)", stood >= kept);
        verdict.Within("payments are taken again (RTO)", TimeSpan.FromSeconds(60), [rto]);
        var (code, said) = await house.Jifu("audit", "verify", "--live");
        verdict.Holds(
            "the log verifies, against the checkpoint outside too", code == 0 && said.Contains("proved up to"),
            code == 0 ? said.Trim().Split('\n')[^1] : said);
    }

    // They would say, rightly, that the log has lost its end: that was our own choice.
    private static void SetNewerCheckpointsAside(House house, DateTimeOffset target)
    {
        foreach (var file in new DirectoryInfo(Path.Combine(house.Server.Home, "checkpoints"))
            .EnumerateFiles("*", SearchOption.AllDirectories).Where(file => file.LastWriteTimeUtc > target.UtcDateTime))
            file.Delete();
    }

    private static async Task<Cluster> Restore(House house, string name, string backup, params string[] settings)
    {
        var folder = await house.Playground.DatabaseFolder(name);
        var cluster = new Cluster(house.Playground, name, folder);
        await Command.Run("cp", "-a", backup, cluster.Data);
        await Command.Run(Playground.AsDatabaseUser("touch", Path.Combine(cluster.Data, "recovery.signal")));
        cluster.Settings.AddRange([$"restore_command=cp {house.Playground.In("archive")}/%f %p", .. settings]);
        await cluster.Start();
        var since = TimeProvider.System.GetTimestamp();
        while (await cluster.Value<bool>("SELECT pg_is_in_recovery()"))
        {
            if (TimeProvider.System.GetElapsedTime(since).TotalSeconds > 120)
                throw new InvalidOperationException($"The recovery does not end: {cluster.Postmaster.Said()}");
            await Task.Delay(50);
        }

        return cluster;
    }
}
