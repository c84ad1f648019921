using System.Globalization;

namespace Jifu.Ledger.Benchmarks;

/// <summary>What the command line asks of a benchmark.</summary>
/// <param name="Size">How much work there is before, in the benchmark's own unit; null for its default.</param>
/// <param name="Seconds">How long one run of one side takes; null for the benchmark's default.</param>
/// <param name="Quick">End within 45 seconds.</param>
internal sealed record BenchmarkOptions(long? Size, int? Seconds, bool Quick)
{
    /// <summary>Reads <c>[--size N] [--seconds N] [--quick]</c>, with <c>--filled</c> for the size of a log; null when
    /// there is anything else.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new BenchmarkOptions(null, null, false);
        while (!args.IsEmpty)
        {
            if (args[0] == "--quick")
            {
                options = options with { Quick = true };
                args = args[1..];
                continue;
            }

            if (args.Length < 2 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n))
                return null;
            options = args[0] switch
            {
                "--size" or "--filled" => options with { Size = n },
                "--seconds" when n > 0 => options with { Seconds = n },
                _ => null!,
            };
            if (options is null)
                return null;
            args = args[2..];
        }

        return options;
    }

    /// <summary>How long one run of one side takes.</summary>
    public TimeSpan Duration(double usual, double quick) => TimeSpan.FromSeconds(Seconds ?? (Quick ? quick : usual));
}
