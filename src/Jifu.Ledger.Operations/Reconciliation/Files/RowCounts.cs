using System.Numerics;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>How often each of some rows was counted, exactly.</summary>
/// <remarks>A dictionary by rows would do the same, but its code has to be made in each run, which so short a run
/// feels.</remarks>
/// <param name="expected">About how many rows there will be.</param>
internal sealed class RowCounts(int expected)
{
    // Every other place at least is free; a free one has a count of zero and no row.
    private RowIdentity[] rows = new RowIdentity[Places(expected)];
    private long[] counts = new long[Places(expected)];
    private bool[] taken = new bool[Places(expected)];
    private int used;

    public bool AreZero => Zeros.Fill(counts);

    public void Add(RowIdentity row, long count)
    {
        if (used * 2 >= rows.Length)
            Grow();
        var at = PlaceOf(row);
        if (!taken[at])
            (taken[at], rows[at], used) = (true, row, used + 1);
        counts[at] += count;
    }

    private static int Places(int expected) => (int)BitOperations.RoundUpToPowerOf2((uint)expected + 512) * 2;

    private int PlaceOf(RowIdentity row)
    {
        var mask = rows.Length - 1;
        var at = unchecked((int)row.Value) & mask;
        while (taken[at] && (rows[at].Key != row.Key || rows[at].Value != row.Value))
            at = (at + 1) & mask;
        return at;
    }

    private void Grow()
    {
        var (oldRows, oldCounts, oldTaken) = (rows, counts, taken);
        (rows, counts, taken) = (new RowIdentity[oldRows.Length * 2], new long[oldRows.Length * 2],
            new bool[oldRows.Length * 2]);
        for (var old = 0; old < oldRows.Length; old++)
        {
            if (!oldTaken[old])
                continue;
            var at = PlaceOf(oldRows[old]);
            (taken[at], rows[at], counts[at]) = (true, oldRows[old], oldCounts[old]);
        }
    }
}
