using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F5: the disk fails to keep what PostgreSQL wrote: fsync of the write-ahead log, or of a table, answers
/// EIO.</summary>
/// <remarks>A library of our own stands between PostgreSQL and the system (LD_PRELOAD); it is compiled here, with the
/// machine's C compiler, and fails one call for each file that we lay into a folder.</remarks>
internal static class FailedSync
{
    private const string Shim = """
        #define _GNU_SOURCE
        #include <dlfcn.h>
        #include <errno.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <unistd.h>

        static int fails(int fd) {
            char self[64], target[4096] = "", order[4096];
            const char *folder = getenv("JIFU_FAILS");
            if (!folder) return 0;
            snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
            if (readlink(self, target, sizeof target - 1) < 0) return 0;
            snprintf(order, sizeof order, "%s/%s", folder, strstr(target, "/pg_wal/") ? "wal" : "table");
            if (unlink(order) != 0) return 0;
            errno = EIO;
            return 1;
        }

        int fsync(int fd) {
            return fails(fd) ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
        }

        int fdatasync(int fd) {
            return fails(fd) ? -1 : ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
        }
        """;

    public static async Task<Cluster> Prepare(Playground playground)
    {
        var source = playground.In("shim.c");
        await File.WriteAllTextAsync(source, Shim);
        await Command.Run("cc", "-shared", "-fPIC", "-O1", "-o", playground.In("shim.so"), source, "-ldl");
        var cluster = new Cluster(playground, "postgres", await playground.DatabaseFolder("pg"));
        cluster.Environment.Add(("LD_PRELOAD", playground.In("shim.so")));
        cluster.Environment.Add(("JIFU_FAILS", await playground.DatabaseFolder("fails")));
        await cluster.Create();
        return cluster;
    }

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var healed = new List<TimeSpan>();
        var unmet = 0;
        house.Street.Open();
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(500);
            var order = house.Playground.In(Path.Combine("fails", round % 2 == 0 ? "wal" : "table"));
            await File.WriteAllTextAsync(order, "");
            var since = TimeProvider.System.GetTimestamp();
            if (round % 2 == 1)
                await Checkpoint(house);
            while (File.Exists(order) && TimeProvider.System.GetElapsedTime(since).TotalSeconds < 10)
                await Task.Delay(20);
            unmet += File.Exists(order) ? 1 : 0;
            await house.Cluster.Ready(TimeSpan.FromSeconds(60));
            healed.Add(await KilledDatabase.Acknowledged(house));
        }

        await house.Street.Close();
        var panics = File.ReadLines(house.Cluster.Postmaster.Log)
            .Count(line => line.Contains("PANIC:", StringComparison.Ordinal));
        verdict.Told(Invariant($"{options.Rounds} failures of fsync, {house.Street.Purchases.Count} orders sent"));
        verdict.Holds("each failure was met", unmet == 0, Invariant($"{unmet} were not"));
        verdict.Holds(
            "PostgreSQL panics each time and recovers; it never tries fsync again and carries on",
            panics == options.Rounds, Invariant($"{panics} panics"));
        verdict.Within("payments go on", TimeSpan.FromSeconds(15), healed);
        await house.Books.Check(verdict);
    }

    private static async Task Checkpoint(House house)
    {
        try
        {
            await house.Cluster.Execute("CHECKPOINT");
        }
        catch (Npgsql.NpgsqlException)
        {
            // The checkpointer is what panics.
        }
    }
}
