using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Domain.Tests.Splits;

using static Given;

/// <summary>Who gets what of a payment, to the fen.</summary>
public class SplitTests
{
    [Fact]
    public void Shares_stand_beside_what_the_merchant_keeps() => string.Join("\n", [
        Told(100_00, Fixed("agent", 10_00), PartsPerMillion("store", 50_000)),
        Told(100_01, PartsPerMillion("agent", 333_333), PartsPerMillion("store", 333_333)),
        Told(1, PartsPerMillion("agent", 999_999)),
        Told(100_00, PartsPerMillion("agent", 1_000_000)),
        Told(100_00, Fixed("agent", 100_01)),
        Told(100_00, Fixed("agent", 1), PartsPerMillion("store", 1_000_000)),
        Told(100_00),
        Told(100_00, Fixed("agent", 0)),
        Told(100_00, Fixed("agent", Money.LargestMinorUnits + 1)),
        Told(100_00, PartsPerMillion("agent", 1_000_001)),
        Told(100_00, Fixed("agent", 1), PartsPerMillion("agent", 1)),
    ]).ShouldMatchApproved(o => o.NoDiff());

    private static string Told(long fen, params SplitRule[] rules)
    {
        var amount = Cny(fen);
        var shares = Split.Plan(rules, amount, amount, out var rejection);
        var kept = amount - Split.Total(shares, Currency.CNY);
        return $"{amount} by [{string.Join(", ", rules.Select(rule => $"{rule}"))}]: "
            + (rejection is { } refused ? $"! {refused}" : $"{shares}, the merchant keeps {kept}");
    }
}
