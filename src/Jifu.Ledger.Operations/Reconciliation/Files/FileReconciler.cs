using System.Diagnostics;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Compares a channel's bill with an order export, with no server and no database; memory does not grow with
/// the files, only with what differs.</summary>
public static class FileReconciler
{
    /// <summary>Cells of the sketch in each of its three parts: it reads back about 18,000 differing rows.</summary>
    internal const int ThirdCells = 8_192;

    // Another pass takes a small part of the time of an exact join; a larger sketch at first would slow down all.
    private const int LargerTimes = 4;

    /// <exception cref="Channels.Bills.BillRejectedException">One of the files may not be used; says which, line and
    /// column.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static FileReconciliationResult Run(
        FileReconciliationRequest request, IProgress<FileReconciliationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var hash = new RowHash(ComparedColumns.Of(request.Mapping), SystemRandom.Fill);
        return Run(request, hash, ThirdCells, new(progress, cancellation));
    }

    /// <param name="hash">How rows are known; unforeseeable for whoever makes the files.</param>
    internal static FileReconciliationResult Run(
        FileReconciliationRequest request, RowHash hash, int thirdCells, Pace pace)
    {
        var since = Stopwatch.StartNew();
        var bill = BillScan.TryOpen(request, hash);
        request = request with { Coverage = bill?.Coverage ?? BillSource.Coverage(request) };
        using var sketch = new SketchJoin(request, bill, hash, thirdCells, pace);
        var joined = sketch.Join();
        var (rowsMax, failure) = (sketch.RowsMax, sketch.Failure);
        if (joined is null && sketch.FitsLarger)
        {
            sketch.Dispose();
            using var larger = new SketchJoin(
                request, BillScan.TryOpen(request, hash), hash, thirdCells * LargerTimes, pace, "reading again");
            joined = larger.Join();
        }

        // Reading fast, a number that Excel has rounded is that of an order which no bill has.
        if (joined is not null && joined.Differences.Any(one => one is { OrdersLine: not null, BillLine: null }
            && RoundedNumber.IsScientific(one.Number)))
            OrderFile.ReadThrough(request);
        if (joined is not null)
            return Told(request, joined, since, pace);
        // Its buffers are of no use to what comes next.
        sketch.Dispose();
        using var exact = new ExternalJoin(request, hash, rowsMax, pace);
        return Told(request, exact.Join(failure), since, pace);
    }

    private static FileReconciliationResult Told(
        FileReconciliationRequest request, JoinedFiles joined, Stopwatch since, Pace pace)
    {
        var tally = new DifferenceTally(request.KeptMax);
        DifferenceFile.Write(
            request.DifferencesPath, csv => joined.Spooled?.Write(csv, tally, pace.Cancellation), Counted());
        return new(
            joined.Theirs, joined.Ours, joined.LeftOut, joined.Matched, tally.Count, tally.Kept, tally.Sums,
            joined.ExcessMinor, joined.CutOffMinor, joined.ToleratedMinor, joined.UntoldFeeMinor, request.Coverage,
            joined.Method, since.Elapsed.TotalSeconds);

        IEnumerable<FileDifference> Counted()
        {
            foreach (var difference in joined.Differences.Concat(BillSource.Corrections(request)))
            {
                pace.Cancellation.ThrowIfCancellationRequested();
                tally.Add(difference);
                yield return difference;
            }
        }
    }
}
