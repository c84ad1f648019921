using System.Collections.Concurrent;
using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F14: five connections, and a database in which each request takes a second; far more requests than
/// that.</summary>
internal static class SlowDatabase
{
    private const int Clients = 400;
    private const int Crowd = 3000;

    // What 1,024 requests under way, the connections of 3,000 clients and some pages of views take.
    private const int GrowthMebibytesMax = 100;

    // Two seconds of waiting for a connection, and what it takes to be read and answered among the others.
    private static readonly TimeSpan RefusalMax = TimeSpan.FromSeconds(4);

    private const string Slow = """
        CREATE FUNCTION public.slow() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN PERFORM pg_sleep(1); RETURN NEW; END
        $$;
        CREATE TRIGGER slow BEFORE INSERT ON app.idempotency_key FOR EACH ROW EXECUTE FUNCTION public.slow();
        """;

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        await house.Server.Process.End("TERM");
        var few = new NpgsqlConnectionStringBuilder(house.Cluster.App) { MaxPoolSize = 5 };
        await house.Server.Start(few.ConnectionString, house.Cluster.Owner);
        house.Street.Open();
        await Task.Delay(1_000);
        await house.Street.Close();

        await house.Cluster.Execute(Slow);
        var replies = new ConcurrentBag<Reply>();
        var before = house.Server.Process.MemoryMebibytes;
        var stop = TimeProvider.System.GetTimestamp();
        var clients = Enumerable.Range(0, Clients).Select(async _ =>
        {
            do
                await Ask(house, replies);
            while (TimeProvider.System.GetElapsedTime(stop).TotalSeconds < options.Seconds);
        });
        var most = await Watched(house, Task.WhenAll(clients));
        Judge(replies, "400 clients", verdict);
        replies.Clear();
        var crowd = Enumerable.Range(0, Crowd).Select(_ => Ask(house, replies, patient: false));
        most = Math.Max(most, await Watched(house, Task.WhenAll(crowd)));
        Judge(replies, "3,000 at once", verdict);
        verdict.Holds("whoever comes too much is sent away at once",
            replies.Any(reply => reply["code"] == "overloaded"));
        verdict.Holds(
            Invariant($"memory grows by less than {GrowthMebibytesMax} MiB"), most - before < GrowthMebibytesMax,
            Invariant($"{before} MiB before, {most} MiB at most"));

        await house.Cluster.Execute("DROP TRIGGER slow ON app.idempotency_key");
        verdict.Within("it heals by itself", TimeSpan.FromSeconds(15), [await KilledDatabase.Acknowledged(house)]);
        await house.Books.Check(verdict);
        await house.Server.Process.End("TERM");
        await house.StartServer();
    }

    private static async Task Ask(House house, ConcurrentBag<Reply> replies, bool patient = true)
    {
        var reply = await house.Street.Next().Pay();
        replies.Add(reply);
        if (!reply.Ok && patient)
            await Task.Delay(TimeSpan.FromSeconds(reply.RetryAfter ?? 1));
    }

    // The most memory that the server took meanwhile.
    private static async Task<long> Watched(House house, Task work)
    {
        long most = 0;
        while (!work.IsCompleted)
        {
            most = Math.Max(most, house.Server.Process.MemoryMebibytes);
            await Task.WhenAny(work, Task.Delay(200));
        }

        await work;
        return most;
    }

    private static void Judge(ConcurrentBag<Reply> replies, string who, Verdict verdict)
    {
        verdict.Told(who + ": " + string.Join(", ", replies.GroupBy(reply => $"{reply}")
            .Select(same => Invariant($"{same.Count()} x {same.Key}"))));
        verdict.Holds(
            "whoever is not served gets 503 and Retry-After of at most 2 s",
            replies.All(reply => reply.Ok || reply is { Status: 503, RetryAfter: <= 2 }));
        verdict.Within(
            "whoever is not served is told", RefusalMax,
            [.. replies.Where(reply => !reply.Ok).Select(reply => reply.Took)]);
        verdict.Within("an answer comes", TimeSpan.FromSeconds(10), [.. replies.Select(reply => reply.Took)]);
    }
}
