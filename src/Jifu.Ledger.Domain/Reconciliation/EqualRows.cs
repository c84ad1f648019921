namespace Jifu.Ledger.Reconciliation;

/// <summary>Rows of a bill that have one key, taken one by one by lines that say the same.</summary>
/// <remarks>Thousands of rows may have one key, when the wrong column is taken for the number: so no search through
/// all.</remarks>
internal sealed class EqualRows
{
    private readonly BillLine[] rows;
    private readonly bool[] taken;

    // The first row of each amount, and after each row the next of the same amount; -1 for none.
    private readonly Dictionary<long, int> first = [];
    private readonly int[] next;

    // Of refunds only: a payment has no other.
    private readonly HashSet<string> ownReferences = [];

    public EqualRows(BillLine[] rows)
    {
        (this.rows, taken, next) = (rows, new bool[rows.Length], new int[rows.Length]);
        for (var at = rows.Length - 1; at >= 0; at--)
        {
            next[at] = first.GetValueOrDefault(rows[at].Amount.MinorUnits, -1);
            first[rows[at].Amount.MinorUnits] = at;
            if (rows[at].Kind is BillLineKind.Refund)
                ownReferences.Add(rows[at].ChannelReference);
        }
    }

    /// <summary>What nobody has taken, in the order of the bill.</summary>
    public IEnumerable<BillLine> Left => rows.Where((_, at) => !taken[at]);

    /// <summary>The first row that agrees with a line and is still there; null when none is.</summary>
    /// <param name="byOwnReference">Only a refund, by the channel's number of itself.</param>
    public BillLine? Take(OrderLine line, bool byOwnReference)
    {
        if (byOwnReference && !ownReferences.Contains(line.Reference))
            return null;
        var (before, same) = (-1, first.GetValueOrDefault(line.Amount.MinorUnits, -1));
        while (same >= 0 && !Agree(rows[same], line, byOwnReference))
            (before, same) = (same, next[same]);
        if (same < 0)
            return null;
        if (before < 0)
            first[line.Amount.MinorUnits] = next[same];
        else
            next[before] = next[same];
        taken[same] = true;
        return rows[same];
    }

    private static bool Agree(BillLine row, OrderLine line, bool byOwnReference) =>
        (!byOwnReference || row.ChannelReference == line.Reference) && OrderPair.Agree(row, line);
}
