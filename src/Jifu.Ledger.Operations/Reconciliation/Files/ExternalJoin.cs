namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Joins two files exactly, however much differs: both are dealt out by key into parts that fit into memory,
/// and each part is joined by itself.</summary>
/// <remarks>Rows of one key are in one part, so a key that has all rows needs the memory for all of them.</remarks>
internal sealed class ExternalJoin : IDisposable
{
    private const int PartRows = 32_768;
    private const int PartsMax = 1_024;

    private readonly FileReconciliationRequest request;
    private readonly RowHash hash;
    private readonly Pace pace;
    private readonly Spool theirs, ours, found;
    private readonly MemoryStream row = new();

    /// <param name="rowsMax">About how many rows the larger file has.</param>
    public ExternalJoin(FileReconciliationRequest request, RowHash hash, long rowsMax, Pace pace)
    {
        (this.request, this.hash, this.pace) = (request, hash, pace);
        var parts = (int)Math.Clamp((rowsMax / PartRows) + 1, 1, PartsMax);
        (theirs, ours, found) = (new(parts), new(parts), new(parts));
    }

    public JoinedFiles Join(string reason)
    {
        pace.Begin("joining", new FileInfo(request.BillPath).Length + new FileInfo(request.OrdersPath).Length);
        var list = new DifferenceList(request);
        var (theirTotals, ourTotals, leftOut) = (SideTotals.None, SideTotals.None, new long[LeftOutRows.Reasons]);
        using var to = new BinaryWriter(row);
        foreach (var line in BillSource.Lines(request))
        {
            theirTotals += SideTotals.Of(line.Kind, line.Amount, line.Fee);
            to.Write(line);
            Deal(theirs, hash.Of(line));
        }

        foreach (var line in OrderFile.Lines(request))
        {
            var why = request.WhyLeftOut(line);
            leftOut[(int)why]++;
            if (why is LeftOutReason.None)
                ourTotals += SideTotals.Of(line.Kind, line.Amount, line.Fee ?? default);
            to.Write(line);
            Deal(ours, hash.Of(line));
        }

        for (var part = 0; part < found.Parts; part++)
            Join(part, list, to);
        return new(
            theirTotals, ourTotals, LeftOutRows.Of(leftOut), list.Matched, Merged(), list.ExcessMinor, list.CutOffMinor,
            list.ToleratedMinor, list.UntoldFeeMinor, $"exact external join: {reason}");
    }

    public void Dispose()
    {
        theirs.Dispose();
        ours.Dispose();
        found.Dispose();
        row.Dispose();
    }

    private void Join(int part, DifferenceList list, BinaryWriter to)
    {
        list.Compare(
            Read(theirs, part, SpooledRows.ReadBillLine), Read(ours, part, SpooledRows.ReadOrderLine));
        foreach (var difference in list.Take())
        {
            to.Write(difference);
            Deal(found, part);
        }
    }

    private void Deal(Spool spool, RowIdentity identity) => Deal(spool, (int)(identity.Key % (ulong)spool.Parts));

    private void Deal(Spool spool, int part)
    {
        pace.Cancellation.ThrowIfCancellationRequested();
        spool.Write(part, row.GetBuffer().AsSpan(0, (int)row.Position));
        row.Position = 0;
    }

    private static IEnumerable<T> Read<T>(Spool spool, int part, Func<BinaryReader, T> read)
    {
        using var from = spool.Read(part);
        for (var row = 0; row < spool.Count(part); row++)
            yield return read(from);
    }

    /// <summary>The parts' differences, each in order, in one order.</summary>
    private IEnumerable<FileDifference> Merged()
    {
        var parts = Enumerable.Range(0, found.Parts)
            .Select(part => Read(found, part, SpooledRows.ReadDifference).GetEnumerator()).ToList();
        var heads = new PriorityQueue<IEnumerator<FileDifference>, FileDifference>(DifferenceList.Order);
        foreach (var part in parts.Where(part => part.MoveNext()))
            heads.Enqueue(part, part.Current);
        while (heads.TryPeek(out var part, out var difference))
        {
            yield return difference;
            if (part.MoveNext())
                heads.DequeueEnqueue(part, part.Current);
            else
                heads.Dequeue();
        }
    }
}
