namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>By how much two amounts may differ and still count as the same, in minor units.</summary>
public sealed record Tolerances(long AmountMinor = 0, long FeeMinor = 0)
{
    public static readonly Tolerances None = new();

    /// <summary>How far from midnight the two sides may disagree on the day; of a channel, see
    /// <see cref="LedgerDay.MarginOf"/>.</summary>
    public TimeSpan CutOff { get; init; } = LedgerDay.CutOffMargin;

    internal bool Allow(Discrepancy difference) => difference switch
    {
        AmountDiffers => Math.Abs(difference.Excess.MinorUnits) <= AmountMinor,
        FeeDiffers => Math.Abs(difference.Excess.MinorUnits) <= FeeMinor,
        _ => false,
    };
}
