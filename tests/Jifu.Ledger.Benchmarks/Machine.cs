using System.Runtime.InteropServices;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Where the figures were taken, and how busy it was: without that they say little.</summary>
internal static class Machine
{
    public static string Name()
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(
            line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim();
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30;
        return FormattableString.Invariant($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd HH:mm} UTC, ")
            + $"{Environment.ProcessorCount} cores of {model ?? "unknown make"}, {memory} GiB, "
            + $"{RuntimeInformation.FrameworkDescription}, load average {Load()} before the run";
    }

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
