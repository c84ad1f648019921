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

        // Reading fast, a row of sums is an order that no bill has, and so is a number that Excel has rounded; only the
        // careful reader knows better.
        var isOdd = joined is not null && joined.Differences.Any(IsOfNoOrder);
        if (joined is not null && !isOdd)
            return Told(request, joined, since, pace);
        using var exact = new ExternalJoin(request, hash, rowsMax, pace);
        return Told(request, exact.Join(isOdd ? "rows of sums between orders" : failure), since, pace);
    }

    private static bool IsOfNoOrder(FileDifference difference) =>
        difference is { OrdersLine: not null, BillLine: null }
        && (SumRow.Is(difference.Number) || RoundedNumber.IsScientific(difference.Number));

    private static FileReconciliationResult Told(
        FileReconciliationRequest request, JoinedFiles joined, Stopwatch since, Pace pace)
    {
        var (kept, all) = (new List<FileDifference>(), 0L);
        var sums = new Dictionary<string, Dictionary<string, DifferenceSum>>(StringComparer.Ordinal);
        DifferenceFile.Write(request.DifferencesPath, Counted());
        return new(
            joined.Theirs, joined.Ours, joined.LeftOut, joined.Matched, all, kept,
            [.. sums.Values.SelectMany(ofMerchant => ofMerchant.Values)], joined.ExcessMinor, joined.CutOffMinor,
            joined.ToleratedMinor, joined.UntoldFeeMinor, request.Coverage, joined.Method, since.Elapsed.TotalSeconds);

        IEnumerable<FileDifference> Counted()
        {
            foreach (var difference in joined.Differences.Concat(BillSource.Corrections(request)))
            {
                pace.Cancellation.ThrowIfCancellationRequested();
                all++;
                SumOf(difference).Add(difference.ExcessMinor);
                if (kept.Count < request.KeptMax)
                    kept.Add(difference);
                yield return difference;
            }
        }

        // Two keys: one made of both would be a text for each difference.
        DifferenceSum SumOf(FileDifference difference)
        {
            if (!sums.TryGetValue(difference.Merchant, out var ofMerchant))
                sums.Add(difference.Merchant, ofMerchant = new(StringComparer.Ordinal));
            if (!ofMerchant.TryGetValue(difference.Class, out var sum))
                ofMerchant.Add(difference.Class, sum = new(difference.Class, difference.Merchant));
            return sum;
        }
    }
}
