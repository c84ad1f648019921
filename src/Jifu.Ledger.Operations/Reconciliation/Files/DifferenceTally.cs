namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Counts differences while they are written.</summary>
/// <param name="keptMax">So many are kept to be listed.</param>
internal sealed class DifferenceTally(int keptMax)
{
    // Two keys: one made of both would be a text for each difference.
    private readonly Dictionary<string, Dictionary<string, DifferenceSum>> sums = new(StringComparer.Ordinal);

    public long Count { get; private set; }

    public KeptDifferences Kept { get; } = new();

    public int KeptLeft => Math.Max(0, keptMax - Kept.Count);

    public IReadOnlyCollection<DifferenceSum> Sums => [.. sums.Values.SelectMany(ofMerchant => ofMerchant.Values)];

    public void Add(FileDifference difference)
    {
        Count++;
        SumOf(difference.Merchant, difference.Class).Add(difference.ExcessMinor);
        if (Kept.Count < keptMax)
            Kept.Add(difference);
    }

    /// <summary>Adds sums of differences that follow all those before.</summary>
    public void Add(IEnumerable<DifferenceSum> more)
    {
        foreach (var sum in more)
        {
            Count += sum.Count;
            SumOf(sum.Merchant, sum.Class).Add(sum);
        }
    }

    private DifferenceSum SumOf(string merchant, string ofClass)
    {
        if (!sums.TryGetValue(merchant, out var ofMerchant))
            sums.Add(merchant, ofMerchant = new(StringComparer.Ordinal));
        if (!ofMerchant.TryGetValue(ofClass, out var sum))
            ofMerchant.Add(ofClass, sum = new(ofClass, merchant));
        return sum;
    }
}
