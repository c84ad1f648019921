using System.Collections.Concurrent;
using System.Data;
using Jifu.Ledger.EventLog;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Keeps all read models up with the log: reads each page once, lets every projection fold it, writes rows and
/// checkpoints together.</summary>
/// <remarks>
/// An event that a projection cannot apply stops that projection, with an alarm; the others go on. It is never skipped.
/// Two processes may run at once: the checkpoint lets only one of them write a page.
/// </remarks>
public sealed partial class Projector(
    IEventLog log, EventCodec codec, NpgsqlDataSource database, IReadOnlyList<IProjection> projections,
    TimeProvider time, ILogger<Projector> logger)
{
    private const int PageMax = 2000;
    private readonly ConcurrentDictionary<string, string> _stopped = new(StringComparer.Ordinal);
    private readonly ProgressBell _bell = new();
    private Dictionary<string, long> _positions = new(StringComparer.Ordinal);
    private volatile bool _doubted;
    private long _head = -1;

    public IReadOnlyList<ProjectionStatus> Status => [.. projections.Select(projection => new ProjectionStatus(
        projection.Name, _positions.GetValueOrDefault(projection.Name, -1), Volatile.Read(ref _head),
        _stopped.GetValueOrDefault(projection.Name)))];

    /// <summary>Follows the log until cancelled. Passing troubles of the database are waited out.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(cancellation);
                await ReadPositions(connection, cancellation);
                await Follow(connection, cancellation);
            }
            catch (CheckpointMovedException)
            {
                LogMoved();
            }
            catch (Exception e) when (e is NpgsqlException or EventLogUnavailableException or TimeoutException
                && !cancellation.IsCancellationRequested)
            {
                LogTrouble(e);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            }
        }
    }

    /// <summary>Applies all that the log holds now, and returns.</summary>
    public async Task CatchUp(CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await ReadPositions(connection, cancellation);
        while (await Step(connection, cancellation) > 0)
        {
        }
    }

    /// <summary>Completes when every projection has applied the given position.</summary>
    /// <remarks>Runs decide about money by what they read next. Rows are written without waiting for the disk, so the
    /// database is asked: after a crash it may have less than was written.</remarks>
    /// <exception cref="ViewMismatchException">A projection has stopped before it.</exception>
    public async Task WaitFor(long position, CancellationToken cancellation)
    {
        while (true)
        {
            await _bell.Until(() => Reached(_positions, position), cancellation);
            await using var connection = await database.OpenConnectionAsync(cancellation);
            if (Reached(await Checkpoints.Read(connection, projections.Select(p => p.Name), cancellation), position))
                return;
            _doubted = true;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }
    }

    /// <summary>Completes when every projection has applied all that the log holds now.</summary>
    /// <inheritdoc cref="WaitFor"/>
    public async Task WaitForHead(CancellationToken cancellation) =>
        await WaitFor(await log.Head(cancellation), cancellation);

    private bool Reached(Dictionary<string, long> positions, long position) => projections.All(projection =>
        _stopped.TryGetValue(projection.Name, out var reason)
            ? throw new ViewMismatchException($"The projection {projection.Name} has stopped: {reason}")
            : positions.GetValueOrDefault(projection.Name, -1) >= position);

    // Another process may have brought them where somebody here waits for them to be.
    private async Task ReadPositions(NpgsqlConnection connection, CancellationToken cancellation)
    {
        _doubted = false;
        _positions = await Checkpoints.Read(connection, projections.Select(p => p.Name), cancellation);
        _bell.Ring();
    }

    private async Task Follow(NpgsqlConnection connection, CancellationToken cancellation)
    {
        while (true)
        {
            if (await Step(connection, cancellation) == 0)
                await log.WaitPast(Behind(), cancellation);
        }
    }

    private long Behind() => Running().Select(p => _positions[p.Name]).DefaultIfEmpty(long.MaxValue - 1).Min();

    private List<IProjection> Running() => [.. projections.Where(p => !_stopped.ContainsKey(p.Name))];

    private async Task<int> Step(NpgsqlConnection connection, CancellationToken cancellation)
    {
        if (_doubted)
            await ReadPositions(connection, cancellation);
        var from = Behind();
        var raw = await log.ReadAll(from, PageMax, cancellation);
        Volatile.Write(ref _head, Math.Max(_head, raw.Count == 0 ? from : raw[^1].Position));
        if (raw.Count == 0)
            return 0;
        var page = Decoded(raw, from);
        if (page.Count == 0)
            return 0;
        try
        {
            await Apply(connection, Running(), page, cancellation);
        }
        catch (Exception e) when (IsFault(e))
        {
            foreach (var projection in Running())
                await ApplyAlone(connection, projection, page, cancellation);
        }

        _bell.Ring();
        return page.Count;
    }

    // A type that this program does not know parks everything that would have to pass it: it may move money.
    private List<Recorded<object>> Decoded(IReadOnlyList<RecordedEvent> raw, long from)
    {
        var page = new List<Recorded<object>>(raw.Count);
        foreach (var recorded in raw)
        {
            try
            {
                page.Add(codec.Decode<object>(recorded));
            }
            catch (Exception e) when (e is UnknownEventTypeException or InvalidDataException)
            {
                if (page.Count == 0)
                {
                    foreach (var projection in Running().Where(p => _positions[p.Name] == from))
                        Stop(projection, recorded.Position, e);
                }

                break;
            }
        }

        return page;
    }

    // One transaction for all; when it fails, each alone, so that one projection's fault is its own.
    private async Task Apply(
        NpgsqlConnection connection, List<IProjection> running, List<Recorded<object>> page,
        CancellationToken cancellation)
    {
        // The driver calls a connection that was lost while idle a wrong use of it, which would look like our fault.
        if (connection.State != ConnectionState.Open)
            throw new NpgsqlException("The connection was lost.");
        var to = page[^1].Position;
        var moving = running.Where(p => _positions[p.Name] < to).ToList();
        var checkpoints = moving.Select(p => Checkpoints.Move(p.Name, _positions[p.Name], to)).ToList();
        var statements = moving.SelectMany(p => p.Fold(After(page, _positions[p.Name]))).ToList();
        await PageWriter.Write(connection, "views", checkpoints, statements, cancellation);
        var positions = new Dictionary<string, long>(_positions, StringComparer.Ordinal);
        foreach (var projection in moving)
            positions[projection.Name] = to;
        _positions = positions;
    }

    private async Task ApplyAlone(
        NpgsqlConnection connection, IProjection projection, List<Recorded<object>> page,
        CancellationToken cancellation)
    {
        try
        {
            await Apply(connection, [projection], page, cancellation);
            return;
        }
        catch (Exception e) when (IsFault(e))
        {
            LogFault(projection.Name, e);
        }

        // Somewhere in the page: go on to the very event, so that the alarm names it.
        foreach (var recorded in After(page, _positions[projection.Name]))
        {
            try
            {
                await Apply(connection, [projection], [recorded], cancellation);
            }
            catch (Exception e) when (IsFault(e))
            {
                Stop(projection, recorded.Position, e);
                return;
            }
        }
    }

    private static List<Recorded<object>> After(List<Recorded<object>> page, long position) =>
        page[0].Position > position ? page : [.. page.Where(recorded => recorded.Position > position)];

    // What comes back however often it is tried. A lost connection, a deadlock or an operator is not of that kind.
    private static bool IsFault(Exception e) =>
        e is ViewMismatchException or InvalidDataException or InvalidOperationException or OverflowException
        || (e is PostgresException { IsTransient: false } p && !p.SqlState.StartsWith("57", StringComparison.Ordinal));

    private void Stop(IProjection projection, long position, Exception cause)
    {
        _stopped[projection.Name] = FormattableString.Invariant($"at position {position}: {cause.Message}");
        _bell.Ring();
        LogStopped(projection.Name, position, cause);
    }

    [LoggerMessage(LogLevel.Critical, "Projection {Projection} has stopped at position {Position}")]
    private partial void LogStopped(string projection, long position, Exception cause);

    [LoggerMessage(LogLevel.Error, "Projection {Projection} could not apply a page; trying event by event")]
    private partial void LogFault(string projection, Exception cause);

    [LoggerMessage(LogLevel.Information, "Another process moves the projections too")]
    private partial void LogMoved();

    [LoggerMessage(LogLevel.Warning, "The projections wait for the database")]
    private partial void LogTrouble(Exception cause);
}
