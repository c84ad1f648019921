using Npgsql;

namespace Jifu.Ledger.Server.Api;

/// <summary>Lets all who want the same kind of thing written at the same time share one statement and its
/// commit.</summary>
/// <remarks>Nobody waits for company: what comes while few statements are under way is written at once, and what
/// gathers meanwhile goes with the next. Two may be under way, so that a connection that hangs does not hold up
/// everybody.</remarks>
/// <param name="write">Writes them all, or none; answers each, in their order.</param>
internal sealed class SharedWrites<TItem, TResult>(
    Func<IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write)
{
    private const int UnderWayMax = 2;
    private const int ItemsMax = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Asked> _waiting = new();
    private int _underWay;

    /// <param name="item">What to write.</param>
    /// <param name="cancellation">Ends the wait. What is on its way to the database then may be written all the
    /// same.</param>
    public Task<TResult> Write(TItem item, CancellationToken cancellation)
    {
        var asked = new Asked(item, cancellation);
        bool begins;
        lock (_lock)
        {
            _waiting.Enqueue(asked);
            begins = _underWay < UnderWayMax;
            if (begins)
                _underWay++;
        }

        if (begins)
            _ = WriteWhatWaits();
        return asked.Task.WaitAsync(cancellation);
    }

    private async Task WriteWhatWaits()
    {
        while (Next() is [_, ..] batch)
            await Written(batch);
    }

    /// <returns>Nothing when nobody waits; then this is no longer under way.</returns>
    private List<Asked> Next()
    {
        var batch = new List<Asked>();
        lock (_lock)
        {
            while (batch.Count < ItemsMax && _waiting.TryDequeue(out var asked))
            {
                // Nobody waits for it any more.
                if (!asked.Cancellation.IsCancellationRequested)
                    batch.Add(asked);
            }

            if (batch.Count == 0)
                _underWay--;
        }

        return batch;
    }

    private async Task Written(List<Asked> batch)
    {
        try
        {
            var results = await write(batch.ConvertAll(asked => asked.Item));
            for (var i = 0; i < batch.Count; i++)
                batch[i].SetResult(results[i]);
        }
        catch (PostgresException e) when (batch.Count > 1 && IsOfOne(e))
        {
            foreach (var asked in batch)
                await Written([asked]);
        }
#pragma warning disable CA1031 // It goes to those who asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var asked in batch)
                asked.TrySetException(e);
        }
    }

    // The data, a constraint or a deadlock: rolled back for certain, and perhaps by the fault of a neighbour.
    private static bool IsOfOne(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or ['2', '2' or '3', ..];

    private sealed class Asked(TItem item, CancellationToken cancellation)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public TItem Item => item;

        public CancellationToken Cancellation => cancellation;
    }
}
