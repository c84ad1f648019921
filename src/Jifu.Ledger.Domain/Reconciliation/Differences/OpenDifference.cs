using System.Globalization;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>A difference that is not closed, with what is still in suspense for it.</summary>
public sealed record OpenDifference(Finding Finding, Money Left)
{
    // Made once: rules ask for it often, and it is a hash.
    public DifferenceId Id { get; } = Finding.Id;

    /// <summary>The amount in a text of a finding, such as <c>CNY 100.00</c>; null when it is none.</summary>
    internal static long? MinorUnits(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (rest.Length < 5 || rest[3] != ' ' || !Enum.TryParse<Currency>(rest[..3], out var currency)
            || !decimal.TryParse(rest[4..], NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
            return null;
        return (long)(currency is Currency.JPY ? amount : amount * 100);
    }
}
