using Jifu.Ledger.ReadModels;
using Npgsql;

namespace Jifu.Ledger.Server.Api;

/// <summary>Lets all who want the same kind of thing written at the same time share one statement and its
/// commit.</summary>
/// <remarks>Nobody waits for company: what comes while few statements are under way is written at once, and what
/// gathers meanwhile goes with the next. Two may be under way, so that a connection that hangs does not hold up
/// everybody; nor are more put into one statement than it does in a second, by how long the last one took for each.
/// Each waits to be on its way for as long as he would for a connection of his own.</remarks>
/// <param name="open">For each statement.</param>
/// <param name="write">Writes them all, or none; answers each, in their order.</param>
internal sealed class SharedWrites<TItem, TResult>(
    Func<Task<NpgsqlConnection>> open,
    Func<NpgsqlConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> write)
{
    private const int UnderWayMax = 2;
    private const int ItemsMax = 256;

    private static readonly TimeSpan StatementMax = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<Asked> _waiting = new();
    private int _underWay;
    private long _asked;
    private int _itemsMax = ItemsMax;

    /// <param name="item">What to write.</param>
    /// <param name="cancellation">Ends the wait. What is on its way to the database then may be written all the
    /// same.</param>
    /// <exception cref="NpgsqlException">No connection came free, or the database did not take it.</exception>
    public async Task<TResult> Write(TItem item, CancellationToken cancellation)
    {
        Asked asked;
        bool begins;
        lock (_lock)
        {
            asked = new(item, ++_asked);
            _waiting.Enqueue(asked);
            begins = _underWay < UnderWayMax;
            if (begins)
                _underWay++;
        }

        if (begins)
            _ = WriteWhatWaits();
        try
        {
            await CallerPatience.Within(asked.Begun.Task.WaitAsync, cancellation);
        }
        catch
        {
            asked.IsAbandoned = true;
            throw;
        }

        return await asked.Answer.Task.WaitAsync(cancellation);
    }

    private async Task WriteWhatWaits()
    {
        do
        {
            var before = Interlocked.Read(ref _asked);
            try
            {
                await using var connection = await open();
                await Timed(connection, Take(Volatile.Read(ref _itemsMax), long.MaxValue));
            }
#pragma warning disable CA1031 // It goes to those who asked.
            catch (Exception e)
#pragma warning restore CA1031
            {
                // Who has come since may be luckier.
                foreach (var asked in Take(int.MaxValue, before))
                    asked.Begun.TrySetException(e);
            }
        }
        while (GoesOn());
    }

    private List<Asked> Take(int max, long until)
    {
        var batch = new List<Asked>();
        lock (_lock)
        {
            while (batch.Count < max && _waiting.TryPeek(out var asked) && asked.Number <= until)
            {
                _waiting.Dequeue();
                if (!asked.IsAbandoned)
                    batch.Add(asked);
            }
        }

        return batch;
    }

    // A database that is slow with each would otherwise be slow with all of them together, and in vain.
    private async Task Timed(NpgsqlConnection connection, List<Asked> batch)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Written(connection, batch);
        if (batch is not [])
            Volatile.Write(ref _itemsMax, (int)Math.Clamp(
                batch.Count * (StatementMax / TimeProvider.System.GetElapsedTime(began)), 1, ItemsMax));
    }

    private bool GoesOn()
    {
        lock (_lock)
        {
            if (_waiting.Count > 0)
                return true;
            _underWay--;
            return false;
        }
    }

    private async Task Written(NpgsqlConnection connection, List<Asked> batch)
    {
        if (batch is [])
            return;
        try
        {
            batch.ForEach(asked => asked.Begun.TrySetResult(true));
            var results = await write(connection, batch.ConvertAll(asked => asked.Item));
            for (var i = 0; i < batch.Count; i++)
                batch[i].Answer.SetResult(results[i]);
        }
        catch (PostgresException e) when (batch.Count > 1 && IsOfOne(e))
        {
            foreach (var asked in batch)
                await Written(connection, [asked]);
        }
#pragma warning disable CA1031 // It goes to those who asked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var asked in batch)
                asked.Answer.TrySetException(e);
        }
    }

    // The data, a constraint or a deadlock: rolled back for certain, and perhaps by the fault of a neighbour.
    private static bool IsOfOne(PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected
            or ['2', '2' or '3', ..];

    private sealed class Asked(TItem item, long number)
    {
        private volatile bool _isAbandoned;

        public TItem Item => item;
        public long Number => number;

        /// <summary>Done when it is on its way.</summary>
        public TaskCompletionSource<bool> Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<TResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Nobody waits for it any more.</summary>
        public bool IsAbandoned
        {
            get => _isAbandoned;
            set => _isAbandoned = value;
        }
    }
}
