namespace Jifu.Ledger.Fees;

/// <summary>A share in parts per million: 6,000 is 0.6 %. An integer, so that a rate never carries a hidden
/// fraction.</summary>
/// <remarks>Meant to lie between 0 and 1,000,000; who takes one from outside checks <see cref="IsShare"/>.</remarks>
public readonly record struct Rate(int PartsPerMillion)
{
    public const int Whole = 1_000_000;

    public bool IsShare => PartsPerMillion is >= 0 and <= Whole;

    /// <summary>This share of an amount, rounded half to even (银行家舍入).</summary>
    public Money RoundedOf(Money amount) => amount.RoundedHalfEven(PartsPerMillion, Whole);

    public override string ToString() => FormattableString.Invariant($"{PartsPerMillion / 10_000m:0.####}%");
}
