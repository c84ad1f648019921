namespace Jifu.Ledger.Reconciliation.Rules;

/// <summary>Which of many amounts make a sum: exactly, and whether they are the only ones that do.</summary>
/// <remarks>
/// The amounts are cut in two halves; all sets of each half are listed with their sums, by size, and sets of the two
/// that come to the sum together are looked up. So nothing is missed, nothing is tried by chance, and the effort is
/// known before it begins: what would be too much is not begun.
/// </remarks>
internal sealed class SubsetSum
{
    /// <summary>With so many, sums of the largest amounts still fit into 64 bits.</summary>
    public const int AmountsMax = 500;

    /// <summary>How many sets of one half are listed at most.</summary>
    private const int HalfMax = 1 << 18;

    private readonly int[] half;
    private readonly List<(long[] Sums, int[] Ranks)> bySize = [];

    private SubsetSum(IReadOnlyList<long> amounts, int from, int count, int sizeMax)
    {
        half = [.. Enumerable.Range(from, count)];
        for (var size = 0; size <= Math.Min(sizeMax, count); size++)
        {
            var sums = new List<long>();
            AddSums(amounts, from, size, 0, sums);
            var (sorted, ranks) = (sums.ToArray(), Enumerable.Range(0, sums.Count).ToArray());
            Array.Sort(sorted, ranks);
            bySize.Add((sorted, ranks));
        }
    }

    /// <summary>How many sets have to be listed; null when that is too much.</summary>
    public static int? Effort(int amounts, int sizeMax) =>
        amounts <= AmountsMax && Sets(amounts / 2, sizeMax) is { } one
            && Sets(amounts - (amounts / 2), sizeMax) is { } other
            ? one + other
            : null;

    /// <summary>The first two sets of places whose amounts come to a sum from <paramref name="low"/> to
    /// <paramref name="high"/>; fewer when there are no more.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Find(
        IReadOnlyList<long> amounts, long low, long high, int sizeMin, int sizeMax)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(amounts.Count, AmountsMax);
        var middle = amounts.Count / 2;
        var left = new SubsetSum(amounts, 0, middle, sizeMax);
        var right = new SubsetSum(amounts, middle, amounts.Count - middle, sizeMax);
        var found = new List<IReadOnlyList<int>>();
        foreach (var (size, (sums, ranks)) in left.bySize.Index())
        {
            var otherMax = Math.Min(sizeMax - size, right.bySize.Count - 1);
            for (var other = Math.Max(0, sizeMin - size); other <= otherMax; other++)
            {
                for (var at = 0; at < sums.Length; at++)
                {
                    foreach (var rank in right.Within(other, low - sums[at], high - sums[at]))
                    {
                        found.Add([.. left.Places(size, ranks[at]), .. right.Places(other, rank)]);
                        if (found.Count == 2)
                            return found;
                    }
                }
            }
        }

        return found;
    }

    private IEnumerable<int> Within(int size, long low, long high)
    {
        var (sums, ranks) = bySize[size];
        for (var at = FirstFrom(sums, low); at < sums.Length && sums[at] <= high; at++)
            yield return ranks[at];
    }

    private static int FirstFrom(long[] sums, long low)
    {
        var (from, to) = (0, sums.Length);
        while (from < to)
        {
            var middle = from + ((to - from) / 2);
            if (sums[middle] < low)
                from = middle + 1;
            else
                to = middle;
        }

        return from;
    }

    // All sets of a size, in the order of their places; so that a set is known by its rank.
    private void AddSums(IReadOnlyList<long> amounts, int from, int size, long sum, List<long> sums)
    {
        if (size == 0)
        {
            sums.Add(sum);
            return;
        }

        var end = half.Length == 0 ? 0 : half[^1] + 1;
        for (var at = from; at <= end - size; at++)
            AddSums(amounts, at + 1, size - 1, sum + amounts[at], sums);
    }

    private List<int> Places(int size, int rank)
    {
        var places = new List<int>();
        for (var at = 0; size > 0; at++)
        {
            var with = (int)Ways(half.Length - at - 1, size - 1)!;
            if (rank < with)
            {
                places.Add(half[at]);
                size--;
            }
            else
            {
                rank -= with;
            }
        }

        return places;
    }

    private static int? Sets(int amounts, int sizeMax)
    {
        var sum = 0;
        for (var size = 0; size <= Math.Min(amounts, sizeMax); size++)
        {
            if (Ways(amounts, size) is not { } ways || (sum += ways) > HalfMax)
                return null;
        }

        return sum;
    }

    // How many sets of a size there are; null when more than anybody would list.
    private static int? Ways(int of, int size)
    {
        var ways = 1L;
        for (var at = 0; at < Math.Min(size, of - size); at++)
        {
            ways = ways * (of - at) / (at + 1);
            if (ways > HalfMax)
                return null;
        }

        return size > of ? 0 : (int)ways;
    }
}
