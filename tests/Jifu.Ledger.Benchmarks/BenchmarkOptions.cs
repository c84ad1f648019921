using System.Globalization;

namespace Jifu.Ledger.Benchmarks;

/// <summary>What the command line asks of a benchmark.</summary>
/// <param name="Size">How much work, in the benchmark's own unit; null for its default.</param>
/// <param name="Quick">End within 45 seconds.</param>
internal sealed record BenchmarkOptions(long? Size, bool Quick)
{
    /// <summary>Reads <c>[--size N] [--quick]</c>; null when there is anything else.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> args)
    {
        var options = new BenchmarkOptions(null, false);
        while (!args.IsEmpty)
        {
            if (args[0] == "--quick")
            {
                options = options with { Quick = true };
                args = args[1..];
            }
            else if (args is ["--size", var text, ..]
                && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size))
            {
                options = options with { Size = size };
                args = args[2..];
            }
            else
            {
                return null;
            }
        }

        return options;
    }
}
