namespace Jifu.Ledger.ReadModels;

/// <summary>Wakes whoever waits for a condition each time there is progress.</summary>
internal sealed class ProgressBell
{
    private volatile TaskCompletionSource _next = New();

    public void Ring() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    public async Task Until(Func<bool> met, CancellationToken cancellation)
    {
        while (true)
        {
            // Taken before looking, so that no progress in between is missed.
            var next = _next.Task;
            if (met())
                return;
            await next.WaitAsync(cancellation);
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
