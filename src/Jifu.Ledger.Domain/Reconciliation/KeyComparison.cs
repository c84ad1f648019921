using System.Diagnostics;

namespace Jifu.Ledger.Reconciliation;

using static Discrepancy;

/// <summary>All rows of one key, of a bill and of an order export, compared: the join of two files, key by key.
/// </summary>
/// <remarks>
/// Rows count as often as they stand: those that are the same cancel in pairs, the rest are paired in the order of the
/// files, and what is then left on one side is only there, or there once too often.
/// <c>TheirNet = OurNet + Excess of all differences + Gap of all cut-offs + Tolerated + Untold</c>, to the fen.
/// </remarks>
/// <param name="day">The day of the bill; null to compare whole files, whatever the days.</param>
/// <param name="merchant">Whose bill it is; null to compare orders of all merchants.</param>
public sealed class KeyComparison(BusinessDay? day, string? merchant, Tolerances tolerances)
{
    // Of the key at hand. They serve for all keys: one by one, thousands of keys would fill the memory with them.
    private readonly List<Found> found = [];
    private readonly Queue<OrderLine> others = new();
    private Queue<BillLine> theirs = new();
    private Queue<OrderLine> counted = new();
    private IReadOnlyList<BillLine> rows = [];
    private Money explained;

    /// <summary>Rows of the bill that say what a line of ours says, or so nearly that it is tolerated.</summary>
    public int Matched { get; private set; }

    /// <summary>What the tolerated differences make together.</summary>
    public Money Tolerated { get; private set; }

    /// <summary>Fees of rows that lines of ours meet without telling any; negative when charged.</summary>
    public Money Untold { get; private set; }

    /// <summary>What differs in the key compared last, as all else here.</summary>
    public IReadOnlyList<Found> Differences => found;

    /// <summary>Compares rows that all have the same kind and number.</summary>
    public void Compare(IReadOnlyList<BillLine> theirs, IReadOnlyList<OrderLine> ours)
    {
        ArgumentNullException.ThrowIfNull(theirs);
        ArgumentNullException.ThrowIfNull(ours);
        Begin(theirs, ours);
        Meet(theirs.Count > 0 ? theirs[0].Amount.Currency : ours[0].Amount.Currency);
    }

    private void Begin(IReadOnlyList<BillLine> theirRows, IReadOnlyList<OrderLine> ours)
    {
        (rows, Matched) = (theirRows, 0);
        found.Clear();
        others.Clear();
        theirs.Clear();
        counted.Clear();
        for (var at = 0; at < theirRows.Count; at++)
            theirs.Enqueue(theirRows[at]);
        for (var at = 0; at < ours.Count; at++)
        {
            if (ours[at].CountsOn(day, merchant))
                counted.Enqueue(ours[at]);
            else if (ours[at].Status is null)
                others.Enqueue(ours[at]);
        }

        // What is done is met before what is not.
        for (var at = 0; at < ours.Count; at++)
        {
            if (ours[at].Status is not null)
                others.Enqueue(ours[at]);
        }
    }

    private void Meet(Currency currency)
    {
        explained = Tolerated = Untold = Money.Zero(currency);
        var (theirRows, ourRows, theirNet) = (theirs.Count, counted.Count, Lines.NetOf(rows, currency));
        CancelEqual();
        while (theirs.Count > 0 && counted.Count > 0)
            Meet(theirs.Dequeue(), counted.Dequeue());
        while (theirs.Count > 0 && others.Count > 0)
            MeetOther(theirs.Dequeue(), others.Dequeue());

        LeaveTheirs(ourRows, currency);
        if (counted.Count > 0 && ourRows == counted.Count && theirRows == 0)
            Miss(counted.Dequeue());
        LeaveOurs(theirRows, ourRows, currency);
        if (theirNet != explained + Tolerated)
            throw new UnreachableException($"The bill nets {theirNet}, explained are {explained + Tolerated}.");
    }

    private void CancelEqual()
    {
        // One row and one line meet anyway.
        if (theirs.Count == 0 || counted.Count == 0 || (theirs.Count == 1 && counted.Count == 1))
            return;
        var (equal, lines, cancelled) = (new EqualRows([.. theirs]), counted.ToArray(), new bool[counted.Count]);
        // A line that tells no fee agrees with any, and one that names the payment with each refund of it: they must
        // not take the row of one that says more.
        CancelEqual(equal, lines, cancelled, byOwnReference: true, tellingFee: true);
        CancelEqual(equal, lines, cancelled, byOwnReference: true, tellingFee: false);
        CancelEqual(equal, lines, cancelled, byOwnReference: false, tellingFee: true);
        CancelEqual(equal, lines, cancelled, byOwnReference: false, tellingFee: false);
        (counted, theirs) = (new(lines.Where((_, at) => !cancelled[at])), new(equal.Left));
    }

    private void CancelEqual(
        EqualRows equal, OrderLine[] lines, bool[] cancelled, bool byOwnReference, bool tellingFee)
    {
        for (var at = 0; at < lines.Length; at++)
        {
            if (cancelled[at] || lines[at].Fee is not null != tellingFee
                || equal.Take(lines[at], byOwnReference) is not { } row)
                continue;
            cancelled[at] = true;
            (explained, Untold) = (explained + row.Net, Untold + lines[at].Untold(row.Fee));
            Matched++;
        }
    }

    private void Meet(BillLine row, OrderLine line)
    {
        var held = line.Held(row.Fee);
        explained += held.Net;
        Untold += line.Untold(row.Fee);
        var matches = true;
        foreach (var difference in OrderPair.Differences(row, line, held))
        {
            if (tolerances.Allow(difference))
            {
                Tolerated += difference.Excess;
                continue;
            }

            Add(difference, row, line);
            matches = false;
        }

        Matched += matches ? 1 : 0;
    }

    /// <summary>A row of the bill meets an order that this day's bill should not hold.</summary>
    private void MeetOther(BillLine row, OrderLine line)
    {
        var held = line.Held(row.Fee);
        if (line.Status is { } status)
        {
            Add(new StatusDiffers(row, "status", row.Status ?? "success", status, row.Net), row, line);
            return;
        }

        if (!line.IsOf(merchant))
        {
            Add(new WrongMerchant(row, line.Merchant, row.Net), row, line);
            return;
        }

        if (DayOf().IsNear(held))
        {
            explained += held.Net;
            Add(new CutOff(new(CarrySide.Theirs, held)), row, line);
        }
        else
        {
            Add(new WrongDay(row, held), row, line);
        }

        foreach (var difference in OrderPair.Differences(row, line, held))
            Add(difference, row, line);
    }

    private void Miss(OrderLine line)
    {
        var held = line.Held(Money.Zero(line.Amount.Currency));
        if (day is not null && line.At is not null && DayOf().IsLate(held))
        {
            Add(new CutOff(new(CarrySide.Ours, held)), null, line);
        }
        else
        {
            explained += held.Net;
            Add(new OnlyWithUs(held), null, line);
        }
    }

    // Refunds of two payments may have one number: a row whose payment has no other is nobody's repetition.
    private void LeaveTheirs(int ourRows, Currency currency)
    {
        if (theirs.Count == 0)
            return;
        if (rows is [var only])
        {
            Add(new OnlyAtChannel(only), only, null);
            return;
        }

        var counts = rows.CountBy(row => row.Payment).ToDictionary();
        foreach (var left in theirs.GroupBy(row => row.Payment).Select(group => group.ToList()))
        {
            var (all, met) = (counts[left[0].Payment], counts[left[0].Payment] - left.Count);
            var more = met == 0 ? left[1..] : left;
            if (met == 0)
                Add(new OnlyAtChannel(left[0]), left[0], null);
            if (more is [var first, ..])
                Add(
                    new Duplicate(first.Key, all, Math.Min(met, ourRows), Lines.NetOf(more, currency)), first, null);
        }
    }

    private void LeaveOurs(int theirRows, int ourRows, Currency currency)
    {
        if (counted.Count == 0)
            return;
        var net = counted.Select(line => line.Held(Money.Zero(currency)).Net).Sum(currency);
        explained += net;
        Add(new Duplicate(counted.Peek().Key, theirRows, ourRows, -net), null, counted.Peek());
    }

    private void Add(Discrepancy what, BillLine? row, OrderLine? line)
    {
        explained += what.Excess;
        found.Add(new(what, row, line));
    }

    private LedgerDay DayOf() => new(day!.Value, explained.Currency, [], [], []) { Margin = tolerances.CutOff };
}
