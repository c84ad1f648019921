using System.Diagnostics;

namespace Jifu.Ledger.Benchmarks;

/// <summary>What one run of many callers achieved.</summary>
/// <param name="PerSecond">Calls completed in a second.</param>
/// <param name="P50">The time that half of the calls exceeded, in milliseconds.</param>
/// <param name="P99">The time that one call in a hundred exceeded, in milliseconds.</param>
/// <param name="Calls">All calls.</param>
internal sealed record LoadFigures(double PerSecond, double P50, double P99, int Calls)
{
    public override string ToString() => FormattableString.Invariant($"{PerSecond,10:N0}/s  p99 {P99,7:N1} ms");

    /// <summary>The run in the middle, by calls a second.</summary>
    public static LoadFigures Median(IEnumerable<LoadFigures> runs)
    {
        var sorted = runs.OrderBy(run => run.PerSecond).ToList();
        return sorted[sorted.Count / 2];
    }
}

/// <summary>Callers that call again as soon as they have their answer, for a given time.</summary>
internal static class Load
{
    /// <param name="callers">How many call at once.</param>
    /// <param name="duration">How long they go on.</param>
    /// <param name="call">One call, given the number of the caller and of its call.</param>
    public static async Task<LoadFigures> Run(int callers, TimeSpan duration, Func<int, int, Task> call)
    {
        var since = Stopwatch.StartNew();
        var latencies = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            var own = new List<long>(1024);
            for (var n = 0; since.Elapsed < duration; n++)
            {
                var start = Stopwatch.GetTimestamp();
                await call(caller, n);
                own.Add(Stopwatch.GetTimestamp() - start);
            }

            return own;
        })));
        var seconds = since.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(own => own).Order().ToArray();
        return new(all.Length / seconds, Milliseconds(all, 0.5), Milliseconds(all, 0.99), all.Length);
    }

    private static double Milliseconds(long[] sorted, double part) =>
        sorted[(int)(sorted.Length * part)] * 1000.0 / Stopwatch.Frequency;
}
