using System.Collections.Concurrent;
using Jifu.Ledger.Chaos.Stage;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>Two servers on one database under load; one of them is stopped (SIGSTOP) for some seconds, again and again,
/// and at last killed as it stands there. The other one goes on, and no payment is lost or counted twice.</summary>
internal static class StuckNeighbour
{
    private const int Probes = 4;
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan Few = TimeSpan.FromSeconds(5);

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var second = await house.StartSecondServer(LedgerServer.Ours);
        var random = new Random(options.Seed);
        var (answers, unanswered) = (new ConcurrentBag<TimeSpan>(), 0);
        house.Street.AlsoAt(second);
        house.Street.Open();
        for (var round = 0; round < options.Rounds; round++)
        {
            await Task.Delay(random.Next(300, 1_500));
            await second.Process.Signal("STOP");
            unanswered += await AskTheOther(house, answers) ? 0 : 1;
            if (round == options.Rounds - 1)
                await second.Process.Kill();
            else
                await second.Process.Signal("CONT");
        }

        unanswered += await AskTheOther(house, answers) ? 0 : 1;
        house.Street.AlsoAt(house.Server);
        await house.Street.Close();
        verdict.Told(Invariant($"{options.Rounds} times stopped for {Stuck.TotalSeconds:0} s, the last time killed; ")
            + Invariant($"{answers.Count} payments asked of the other meanwhile"));
        verdict.Within("the other server answers", Few, answers);
        verdict.Holds(
            Invariant($"it takes a payment within {Few.TotalSeconds:0} s of each stop"), unanswered == 0,
            Invariant($"{unanswered} times it did not"));
        await house.Books.Check(verdict);
    }

    // Callers of the stopped server wait for it; these ask the other one only. True when one was served in time.
    private static async Task<bool> AskTheOther(House house, ConcurrentBag<TimeSpan> answers)
    {
        var (since, served) = (TimeProvider.System.GetTimestamp(), new ConcurrentBag<TimeSpan>());
        await Task.WhenAll(Enumerable.Range(0, Probes).Select(async _ =>
        {
            while (TimeProvider.System.GetElapsedTime(since) < Stuck)
            {
                var reply = await house.Street.NextAtFirst().Pay();
                answers.Add(reply.Took);
                if (reply.Ok)
                    served.Add(TimeProvider.System.GetElapsedTime(since));
                else
                    await Task.Delay(50);
            }
        }));
        return served.Any(after => after <= Few);
    }
}
