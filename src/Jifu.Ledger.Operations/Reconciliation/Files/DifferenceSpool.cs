using static Jifu.Ledger.Operations.Reconciliation.Files.ThreadJobs;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Differences in a temporary file, dealt out by their places, so that each range of places can be put in
/// order by itself. Several threads may add.</summary>
internal sealed class DifferenceSpool(int ranges, long billLines, long ordersLines) : IDisposable
{
    private readonly Spool spool = new(ranges);

    // Which range is written next, and whether one could not be.
    private readonly object turn = new();
    private int nextRange;
    private bool failed;

    /// <param name="packer">The thread's own.</param>
    public void Add(FileDifference difference, RowPacker packer)
    {
        // The bill's lines, then those that only the orders have: rising with the place.
        var line = difference.BillLine ?? (billLines + 1 + (difference.OrdersLine ?? 0));
        spool.Write(
            (int)(line * ranges / (billLines + ordersLines + 2)), DifferenceHead.Pack(difference, packer));
    }

    /// <summary>All has been added.</summary>
    public void Seal() => spool.Seal();

    /// <summary>Writes all in order, by all threads, and counts it.</summary>
    public void Write(Stream csv, DifferenceTally tally, CancellationToken cancellation)
    {
        var threads = new DifferenceRange[Threads];
        Do([.. Enumerable.Range(0, ranges).Select<int, Action<int>>(range => thread =>
        {
            try
            {
                var its = threads[thread] ??= new(spool);
                cancellation.ThrowIfCancellationRequested();
                its.Read(range);
                if (AwaitTurn(range))
                    its.Write(csv, tally);
            }
            catch
            {
                EndTurn(hasFailed: true);
                throw;
            }

            EndTurn(hasFailed: false);
        })]);
    }

    public void Dispose() => spool.Dispose();

    // Ranges are begun in order, so the one before is written or under way. False when it could not be written.
    private bool AwaitTurn(int range)
    {
        lock (turn)
        {
            while (nextRange != range && !failed)
                Monitor.Wait(turn);
            return !failed;
        }
    }

    private void EndTurn(bool hasFailed)
    {
        lock (turn)
        {
            failed |= hasFailed;
            nextRange++;
            Monitor.PulseAll(turn);
        }
    }
}
