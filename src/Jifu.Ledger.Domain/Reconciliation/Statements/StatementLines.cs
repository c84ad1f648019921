using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Knows lines of a bank account again, whichever statement has them.</summary>
public static class StatementLines
{
    /// <summary>Gives each line its id: what it says, hashed, and which of several that say the same it is. So two
    /// statements of overlapping periods have the same ids for what both have.</summary>
    /// <param name="lines">All of one statement, in its order.</param>
    public static IReadOnlyList<StatementLine> Named(string account, IEnumerable<StatementLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        var named = new List<StatementLine>();
        foreach (var line in lines)
        {
            var said = Hash(account, line);
            var occurrence = seen[said] = seen.GetValueOrDefault(said) + 1;
            named.Add(line with { Id = string.Create(CultureInfo.InvariantCulture, $"s{said}.{occurrence}") });
        }

        return named;
    }

    // A note or a counterparty is told more or less fully by different exports; these are not.
    private static string Hash(string account, StatementLine line)
    {
        var said = string.Create(
            CultureInfo.InvariantCulture,
            $"{account}\n{line.At.UtcDateTime:O}\n{line.Amount.MinorUnits}\n{line.Amount.Currency}\n"
            + $"{line.Balance?.MinorUnits}\n{line.Reference}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)))[..24];
    }
}
