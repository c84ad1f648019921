using System.Globalization;

namespace Jifu.Ledger.Chaos;

/// <summary>What the command line asks of a fault.</summary>
/// <param name="Rounds">How often it strikes.</param>
/// <param name="Seconds">How long the load lasts, where a fault has no rounds.</param>
/// <param name="Seed">Of the moments at which it strikes.</param>
internal sealed record ChaosOptions(int Rounds, int Seconds, int Seed = 7)
{
    /// <summary>Reads <c>[--rounds N] [--seconds N] [--seed N]</c> over these; null when there is anything
    /// else.</summary>
    public ChaosOptions? Over(ReadOnlySpan<string> args)
    {
        var options = this;
        for (; !args.IsEmpty; args = args[2..])
        {
            if (args.Length < 2 || !int.TryParse(args[1], NumberStyles.None, CultureInfo.InvariantCulture, out var n)
                || (n == 0 && args[0] != "--seed"))
                return null;
            switch (args[0])
            {
                case "--rounds": options = options with { Rounds = n }; break;
                case "--seconds": options = options with { Seconds = n }; break;
                case "--seed": options = options with { Seed = n }; break;
                default: return null;
            }
        }

        return options;
    }
}
