using static Jifu.Ledger.Operations.Reconciliation.Files.ThreadJobs;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Joins two files exactly, however much differs: both are dealt out by key into parts that fit into memory,
/// and each part is joined by itself.</summary>
/// <remarks>Rows of one key are in one part, so a key that has all rows needs the memory for all of them.</remarks>
internal sealed class ExternalJoin : IDisposable
{
    private const int PartRows = 16_384;
    private const int PartsMax = 1_024;

    // Differences are put in order so many at a time.
    private const int RangeRows = 8_192;

    private readonly FileReconciliationRequest request;
    private readonly RowHash hash;
    private readonly Pace pace;
    private readonly DealtRows theirs, ours;
    private readonly int parts;
    private DifferenceSpool? found;

    /// <param name="rowsMax">About how many rows the larger file has.</param>
    public ExternalJoin(FileReconciliationRequest request, RowHash hash, long rowsMax, Pace pace)
    {
        (this.request, this.hash, this.pace) = (request, hash, pace);
        parts = (int)Math.Clamp((rowsMax / PartRows) + 1, 1, PartsMax);
        (theirs, ours) = (new(parts), new(parts));
    }

    public JoinedFiles Join(string reason)
    {
        using var bill = new BillSide(request, hash, BillScan.TryOpen(request, hash), 1, pace, theirs);
        using var orders = new OrderSide(request, hash, OrderScan.TryOpen(request, hash), 1, pace, ours);
        pace.Begin("joining", bill.Bytes + orders.Bytes);
        Do([.. bill.Jobs(), .. orders.Jobs()]);
        Do([.. bill.SecondJobs(), .. orders.SecondJobs()]);
        if (orders.Works.Any(work => work.HasRounded))
            OrderFile.ReadThrough(request);
        bill.EndDealing();
        orders.EndDealing();
        var (theirTotals, ourTotals, others) = (bill.Totals, orders.Totals, orders.LeftOut);
        bill.Dispose();
        orders.Dispose();
        var list = Joined(theirTotals.Rows + ourTotals.Rows);
        return new(
            theirTotals, ourTotals, others, list.Matched, found, [], list.ExcessMinor, list.CutOffMinor,
            list.ToleratedMinor, list.UntoldFeeMinor, $"exact external join: {reason}");
    }

    public void Dispose()
    {
        theirs.Dispose();
        ours.Dispose();
        found?.Dispose();
    }

    private DifferenceList Joined(long rows)
    {
        LetGo();
        var ranges = (int)Math.Clamp((rows / RangeRows) + 1, 1, PartsMax);
        found = new(ranges, theirs.LinesMax, ours.LinesMax);
        var joins = new PartJoin[Math.Min(parts, Threads)];
        for (var thread = 0; thread < joins.Length; thread++)
            joins[thread] = new(request, theirs, ours, found);
        Do([.. Enumerable.Range(0, parts).Select<int, Action<int>>(part => thread =>
        {
            pace.Cancellation.ThrowIfCancellationRequested();
            joins[thread].Join(part);
        })]);
        found.Seal();
        // They may need as much room as the files themselves.
        theirs.Dispose();
        ours.Dispose();
        var list = joins[0].List;
        foreach (var join in joins.Skip(1))
            list.Add(join.List);
        LetGo();
        return list;
    }

    // The buffers of each step are many megabytes, and of no use to the next.
    private static void LetGo() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
}
