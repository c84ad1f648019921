using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>How long whoever waits for our answer waits for connections, in all steps together. A caller who will not
/// get one soon is told so soon; his waiting on would only make the queue longer.</summary>
/// <remarks>Who has begun none, as views, runs and notices have not, waits for as long as the connections' own settings
/// say. It goes with the caller's work wherever that is carried on.</remarks>
public sealed class CallerPatience
{
    // A queue that a healthy database works off in this time is longer than the number of requests let in.
    private static readonly TimeSpan InAll = TimeSpan.FromSeconds(2);

    // For a connection that is free, whatever was waited before.
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(50);

    private static readonly AsyncLocal<CallerPatience?> Mine = new();

    private long _waitedTicks;

    private CallerPatience()
    {
    }

    private TimeSpan Left => InAll - new TimeSpan(Interlocked.Read(ref _waitedTicks));

    /// <summary>From here on, in what the caller of this awaits or goes on to do.</summary>
    public static void Begin() => Mine.Value = new();

    /// <summary>From here on there is none.</summary>
    public static void End() => Mine.Value = null;

    /// <summary>A connection, within the patience that is left of whoever asks.</summary>
    /// <exception cref="NpgsqlException">None came free in time; that passes.</exception>
    public static Task<NpgsqlConnection> Open(NpgsqlDataSource source, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(source);
        return Within(limit => source.OpenConnectionAsync(limit).AsTask(), cancellation);
    }

    /// <summary>Waits for a connection, be it one that is shared, within the patience that is left of whoever
    /// asks.</summary>
    /// <exception cref="NpgsqlException">None came free in time; that passes.</exception>
    public static Task<T> Within<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wait);
        return Mine.Value is { } patience ? patience.Await(wait, cancellation) : wait(cancellation);
    }

    private async Task<T> Await<T>(Func<CancellationToken, Task<T>> wait, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Left > Least ? Left : Least);
        try
        {
            return await wait(limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new NpgsqlException("All connections were taken for longer than a caller waits.", e);
        }
        finally
        {
            Interlocked.Add(ref _waitedTicks, TimeProvider.System.GetElapsedTime(began).Ticks);
        }
    }
}
