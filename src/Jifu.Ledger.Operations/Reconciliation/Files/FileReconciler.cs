using System.Diagnostics;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Compares a channel's bill with an order export, with no server and no database.</summary>
public static class FileReconciler
{
    /// <exception cref="Channels.Bills.BillRejectedException">One of the files may not be used; says which, line and
    /// column.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public static FileReconciliationResult Run(
        FileReconciliationRequest request, IProgress<FileReconciliationProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var since = Stopwatch.StartNew();
        progress?.Report(new("reading", 0, new FileInfo(request.BillPath).Length));
        var keys = new Dictionary<string, (List<BillLine> Theirs, List<OrderLine> Ours)>();
        var (theirs, ours, others) = (SideTotals.None, SideTotals.None, 0L);
        foreach (var row in BillSource.Lines(request))
        {
            cancellation.ThrowIfCancellationRequested();
            theirs += Totals(row.Kind, row.Amount, row.Fee);
            RowsOf(keys, row.Key).Theirs.Add(row);
        }

        using (var orders = File.OpenRead(request.OrdersPath))
        {
            foreach (var line in OrderFile.Lines(orders, Path.GetFileName(request.OrdersPath), request.Mapping))
            {
                cancellation.ThrowIfCancellationRequested();
                RowsOf(keys, line.Key).Ours.Add(line);
                if (line.CountsOn(request.Day))
                    ours += Totals(line.Kind, line.Amount, line.Fee);
                else
                    others++;
            }
        }

        var found = new DifferenceList(request);
        foreach (var (itsTheirs, itsOurs) in keys.Values)
            found.Compare(itsTheirs, itsOurs);
        found.Sort();
        if (request.DifferencesPath is { } path)
        {
            using var csv = new StreamWriter(path);
            found.Write(csv);
        }

        return new(
            theirs, ours, others, found.Matched, found.All.Count, [.. found.All.Take(request.KeptMax)],
            found.CountByClass, found.ExcessMinor, found.CutOffMinor, found.ToleratedMinor, "exact join in memory",
            since.Elapsed.TotalSeconds);
    }

    private static SideTotals Totals(BillLineKind kind, Money amount, Money? fee) => kind is BillLineKind.Payment
        ? new(1, 1, 0, amount.MinorUnits, 0, fee?.MinorUnits ?? 0)
        : new(1, 0, 1, 0, amount.MinorUnits, fee?.MinorUnits ?? 0);

    private static (List<BillLine> Theirs, List<OrderLine> Ours) RowsOf(
        Dictionary<string, (List<BillLine> Theirs, List<OrderLine> Ours)> keys, string key)
    {
        if (!keys.TryGetValue(key, out var rows))
            keys.Add(key, rows = ([], []));
        return rows;
    }
}
