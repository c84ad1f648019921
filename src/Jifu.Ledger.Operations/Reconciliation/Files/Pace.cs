namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Tells how far a long work is, now and then, and whether to go on.</summary>
internal sealed class Pace(IProgress<FileReconciliationProgress>? progress, CancellationToken cancellation)
{
    private const long ToldEvery = 16 << 20;

    private string step = "";
    private long total, done, told;

    public CancellationToken Cancellation => cancellation;

    public void Begin(string newStep, long bytesTotal)
    {
        (step, total, done, told) = (newStep, bytesTotal, 0, 0);
        progress?.Report(new(step, 0, total));
        cancellation.ThrowIfCancellationRequested();
    }

    /// <summary>May be called by several threads.</summary>
    public void Did(long bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        var now = Interlocked.Add(ref done, bytes);
        var before = Interlocked.Read(ref told);
        if ((now - before >= ToldEvery || now == total) && Interlocked.CompareExchange(ref told, now, before) == before)
            progress?.Report(new(step, Math.Min(now, total), total));
    }
}
