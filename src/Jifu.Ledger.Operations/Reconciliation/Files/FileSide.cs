using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>One of two files on its way into the sketch: fast if it can be, else row by row by the careful reader.
/// </summary>
internal abstract class FileSide<TRow>(
    string path, int sign, FileScan? scan, int thirdCells, Pace pace, DealtRows? dealt) : IDisposable
{
    // Of each thread its own.
    private readonly ScanWork?[] works = new ScanWork?[ThreadJobs.ThreadsMax];
    private KeptRows? kept;
    private volatile bool gaveUp;

    public long Bytes { get; } = new FileInfo(path).Length;

    public IReadOnlyCollection<ScanWork> Works => [.. works.OfType<ScanWork>()];

    public SideTotals Totals => Works.Aggregate(SideTotals.None, (sum, work) => sum + work.Totals);

    public LeftOutRows LeftOut =>
        Works.Aggregate(default(LeftOutRows), (sum, work) => sum + LeftOutRows.Of(work.LeftOut));

    private bool IsFast => scan is not null && !gaveUp;

    /// <summary>What is to be done, in any order, by any of several threads.</summary>
    public IEnumerable<Action<int>> Jobs()
    {
        if (scan is null)
            return [ReadCarefully];
        var jobs = new List<Action<int>>();
        for (var next = 0; next < scan.Segments; next++)
        {
            var segment = next;
            jobs.Add(thread => Scan(scan, segment, thread));
        }

        return jobs;
    }

    /// <summary>What is to be done after that: nothing, or all of it again, by the careful reader.</summary>
    public IEnumerable<Action<int>> SecondJobs()
    {
        if (scan is null || (!gaveUp && TiesOut()))
            return [];
        gaveUp = true;
        Clear();
        dealt?.Clear();
        return [ReadCarefully];
    }

    /// <summary>All rows have been dealt out.</summary>
    public void EndDealing()
    {
        if (IsFast && scan!.FirstLines() is var lines)
            (dealt!.FirstLines, dealt.LinesMax) = (lines, lines[^1]);
        dealt!.Spool.Seal();
    }

    /// <summary>Adds all rows that have one of the keys, in no order: what is to be done for that, by any of several
    /// threads.</summary>
    public IEnumerable<Action<int>> Searches(KeyFilter keys, List<TRow> found)
    {
        if (!IsFast)
            return [_ => Add(kept!.Find(Works.Single().Places, keys, Kept))];
        return Works.Select<ScanWork, Action<int>>(work => _ => Add(Found(work, keys)));

        // A place tells four bytes of a key only.
        void Add(IEnumerable<TRow> rows)
        {
            var some = new List<TRow>();
            foreach (var row in rows)
            {
                if (keys.Has(IdentityOf(row).Key))
                    some.Add(row);
            }

            lock (found)
                found.AddRange(some);
        }
    }

    /// <summary>Closes what is needed only to find rows again.</summary>
    public void CloseRows()
    {
        foreach (var work in Works)
            work.Dispose();
        kept?.Dispose();
    }

    public void Dispose()
    {
        Clear();
        scan?.Dispose();
        GC.SuppressFinalize(this);
    }

    public abstract RowIdentity IdentityOf(TRow row);

    /// <summary>All rows, by the careful reader, which also says what is wrong with them.</summary>
    protected abstract IEnumerable<TRow> Careful();

    /// <summary>Counts a row into sketch and sums; returns its key.</summary>
    protected abstract ulong Count(ScanWork work, TRow row);

    /// <summary>Deals out a row that the careful reader has read.</summary>
    protected abstract void Deal(RowPacker packer, TRow row, ulong key, DealtRows to);

    /// <summary>Writes a row down, to come back to it without reading the file once more.</summary>
    protected abstract void Keep(BinaryWriter to, TRow row);

    protected abstract TRow Kept(BinaryReader from);

    /// <summary>Rows that the fast reader has read and that may have one of the keys.</summary>
    protected abstract List<TRow> Found(ScanWork work, KeyFilter keys);

    /// <summary>Whether the file's own totals are right, where it has any.</summary>
    protected virtual bool TiesOut() => true;

    private void Scan(FileScan file, int segment, int thread)
    {
        if (!gaveUp && !file.Scan(segment, WorkOf(thread), pace.Cancellation))
            gaveUp = true;
        pace.Did(Bytes / file.Segments);
    }

    private void ReadCarefully(int thread)
    {
        var work = WorkOf(thread);
        var rows = 0;
        kept = dealt is null ? new() : null;
        foreach (var row in Careful())
        {
            if (rows++ % 4_096 == 0)
                pace.Cancellation.ThrowIfCancellationRequested();
            var key = Count(work, row);
            if (kept is null)
            {
                Deal(work.Packer, row, key, dealt!);
                continue;
            }

            Keep(kept.To, row);
            work.Place(key, kept.EndRow());
        }

        work.End(kept?.EndRow() ?? 0);
        pace.Did(Bytes);
    }

    private ScanWork WorkOf(int thread) => works[thread] ??= new(thirdCells, sign) { Dealt = dealt };

    private void Clear()
    {
        CloseRows();
        Array.Clear(works);
    }
}

/// <summary>The channel's bill.</summary>
internal sealed class BillSide(
    FileReconciliationRequest request, RowHash hash, BillScan? scan, int thirdCells, Pace pace, DealtRows? dealt = null)
    : FileSide<BillLine>(request.BillPath, 1, scan, thirdCells, pace, dealt)
{
    public override RowIdentity IdentityOf(BillLine row) => hash.Of(row);

    protected override IEnumerable<BillLine> Careful() => BillSource.Lines(request);

    protected override ulong Count(ScanWork work, BillLine row)
    {
        var identity = hash.Of(row);
        work.Sum(identity);
        work.Count(row.Kind, row.Amount.MinorUnits, row.Fee.MinorUnits);
        return identity.Key;
    }

    protected override void Deal(RowPacker packer, BillLine row, ulong key, DealtRows to) =>
        to.Deal(packer, row, key);

    protected override void Keep(BinaryWriter to, BillLine row) => to.Write(row);

    protected override BillLine Kept(BinaryReader from) => from.ReadBillLine();

    protected override List<BillLine> Found(ScanWork work, KeyFilter keys) => scan!.Lines(work, keys);

    protected override bool TiesOut() => scan!.TotalsAre(Works);
}

/// <summary>The order export.</summary>
internal sealed class OrderSide(
    FileReconciliationRequest request, RowHash hash, OrderScan? scan, int thirdCells, Pace pace,
    DealtRows? dealt = null)
    : FileSide<OrderLine>(request.OrdersPath, -1, scan, thirdCells, pace, dealt)
{
    public override RowIdentity IdentityOf(OrderLine row) => hash.Of(row);

    protected override IEnumerable<OrderLine> Careful() => OrderFile.Lines(request);

    protected override ulong Count(ScanWork work, OrderLine row)
    {
        var identity = hash.Of(row);
        var why = request.WhyLeftOut(row);
        if (why is LeftOutReason.None)
        {
            work.Sum(identity);
            work.Count(row.Kind, row.Amount.MinorUnits, row.Fee?.MinorUnits ?? 0);
        }
        else
        {
            work.LeftOut[(int)why]++;
        }

        return identity.Key;
    }

    protected override void Deal(RowPacker packer, OrderLine row, ulong key, DealtRows to)
    {
        to.LinesMax = Math.Max(to.LinesMax, row.LineNo);
        to.Deal(packer, row, key, row.LineNo, request.Expects(row));
    }

    protected override void Keep(BinaryWriter to, OrderLine row) => to.Write(row);

    protected override OrderLine Kept(BinaryReader from) => from.ReadOrderLine();

    protected override List<OrderLine> Found(ScanWork work, KeyFilter keys) => scan!.Lines(work, keys);
}
