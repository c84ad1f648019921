using Jifu.Ledger.Reconciliation;
using static Jifu.Ledger.Operations.Reconciliation.Files.ThreadJobs;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Joins two files by their difference sketch: one pass over both, then a look at the few rows that differ.
/// </summary>
/// <param name="bill">Null when only the careful reader can read it; otherwise closed with this.</param>
internal sealed class SketchJoin(
    FileReconciliationRequest request, BillScan? bill, RowHash hash, int thirdCells, Pace pace,
    string step = "reading") : IDisposable
{
    private readonly BillSide bill = new(request, hash, bill, thirdCells, pace);
    private readonly OrderSide orders = new(request, hash, OrderScan.TryOpen(request, hash), thirdCells, pace);
    private Task closing = Task.CompletedTask;

    /// <summary>Why the sketch could not say what differs, for people.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Whether there is little enough for a sketch some times as large.</summary>
    public bool FitsLarger { get; private set; }

    /// <summary>The rows of the larger side.</summary>
    public long RowsMax => Math.Max(bill.Totals.Rows, orders.Totals.Rows + orders.LeftOut.All);

    /// <summary>Null when the sketch cannot say exactly what differs.</summary>
    /// <exception cref="Channels.Bills.BillRejectedException">One of the files may not be used.</exception>
    public JoinedFiles? Join()
    {
        pace.Begin(step, bill.Bytes + orders.Bytes);
        // What one thread must do alone first; else something of each file, so that the code for both is compiled at
        // once. Then the smaller file: of the larger the threads take over from each other what is left.
        var (theirs, ours) = (bill.Jobs(), orders.Jobs());
        Do([.. theirs.Take(1), .. ours, .. theirs.Skip(1)]);
        Do([.. orders.SecondJobs(), .. bill.SecondJobs()]);
        Sketch? sketch = null;
        foreach (var work in bill.Works.Concat(orders.Works))
        {
            sketch ??= work.Sketch;
            if (sketch != work.Sketch)
                sketch.Add(work.Sketch);
        }

        sketch ??= new(thirdCells);
        var hasFreeCells = sketch.HasFreeCells;
        if (sketch.Peel() is not { } differences)
        {
            FitsLarger = hasFreeCells;
            Failure = "too many differences for the sketch";
            return null;
        }

        return differences.Count == 0 ? Explained([], [], []) : LookAt(differences);
    }

    public void Dispose()
    {
        closing.GetAwaiter().GetResult();
        bill.Dispose();
        orders.Dispose();
    }

    private JoinedFiles? LookAt(List<Difference> differences)
    {
        pace.Begin("looking at what differs", 0);
        var keys = new KeyFilter(differences);
        var (theirs, ours) = (new List<BillLine>(), new List<OrderLine>());
        Do([.. bill.Searches(keys, theirs), .. orders.Searches(keys, ours)]);
        return Explained(differences, theirs, ours);
    }

    /// <summary>What the rows themselves say; null unless they say just what the sketch said, and all that they leave
    /// is the same on both sides, in number and to the fen.</summary>
    private JoinedFiles? Explained(List<Difference> differences, List<BillLine> theirs, List<OrderLine> ours)
    {
        // Loops instead of queries: a run is so short that making code for queries over our types is felt.
        var (unexplained, theirRest, ourRest) = (new RowCounts(differences.Count), bill.Totals, orders.Totals);
        foreach (var difference in differences)
            unexplained.Add(difference.Row, difference.Count);
        foreach (var row in theirs)
        {
            unexplained.Add(bill.IdentityOf(row), -1);
            theirRest -= SideTotals.Of(row.Kind, row.Amount, row.Fee);
        }

        foreach (var line in ours)
        {
            if (!request.Expects(line))
                continue;
            unexplained.Add(orders.IdentityOf(line), 1);
            ourRest -= SideTotals.Of(line.Kind, line.Amount, line.Fee ?? default);
        }

        // Fees of rows that nobody looked at, where the orders tell none.
        var untold = request.Mapping.Fee is null ? theirRest.FeeMinor : 0;
        theirRest = theirRest with { FeeMinor = theirRest.FeeMinor - untold };
        if (!unexplained.AreZero || theirRest != ourRest)
        {
            Failure = "the sketch did not explain the totals";
            return null;
        }

        // The fast reader takes a row of sums for an order; that finds none in the bill, so it is among these.
        var sums = TakeSums(ours);
        var list = Compared(theirs, ours);
        // The system takes a while to close large files; what is left to do takes one thread.
        closing = Started(CloseRows);
        return new(
            bill.Totals, orders.Totals - sums, orders.LeftOut + LeftOutRows.OfSums(sums.Rows),
            bill.Totals.Rows - theirs.Count + list.Matched, null, list.Take(), list.ExcessMinor, list.CutOffMinor,
            list.ToleratedMinor, list.UntoldFeeMinor - untold, "difference sketch");
    }

    // Puts rows of sums in their places that count nowhere; returns what they have counted.
    private SideTotals TakeSums(List<OrderLine> ours)
    {
        var counted = SideTotals.None;
        for (var at = 0; at < ours.Count; at++)
        {
            if (!SumRow.Is(ours[at], request.Mapping))
                continue;
            if (request.Expects(ours[at]))
                counted += SideTotals.Of(ours[at].Kind, ours[at].Amount, ours[at].Fee ?? default);
            ours[at] = SumRow.Line(ours[at].LineNo);
        }

        return counted;
    }

    // Key by key: each thread has the rows of some keys.
    private DifferenceList Compared(List<BillLine> theirs, List<OrderLine> ours)
    {
        var lists = new List<DifferenceList>();
        var jobs = new List<Action<int>>();
        for (var next = 0; next < Threads; next++)
        {
            var (part, list) = (next, new DifferenceList(request));
            lists.Add(list);
            jobs.Add(_ => list.Compare(
                theirs.Where(row => PartOf(row.Number) == part), ours.Where(line => PartOf(line.Number) == part)));
        }

        Do(jobs);
        foreach (var list in lists.Skip(1))
            lists[0].Add(list);
        return lists[0];

        static int PartOf(string number) => (number.GetHashCode(StringComparison.Ordinal) & int.MaxValue) % Threads;
    }

    private void CloseRows()
    {
        bill.CloseRows();
        orders.CloseRows();
    }
}
