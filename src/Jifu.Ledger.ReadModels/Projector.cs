using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Jifu.Ledger.EventLog;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>Keeps all read models up with the log: reads each page once, lets every projection fold it, writes rows and
/// checkpoints together.</summary>
/// <remarks>
/// An event that a projection cannot apply stops that projection, with an alarm; the others go on. It is never left out
/// unless a person has said so, in the log (<see cref="Skips"/>). A projection that was stopped catches up by itself
/// and then goes on with the others. Two processes may run at once: the checkpoint lets only one of them write a page.
/// </remarks>
public sealed partial class Projector(
    IEventLog log, EventCodec codec, NpgsqlDataSource database, IReadOnlyList<IProjection> projections,
    TimeProvider time, ILogger<Projector> logger)
{
    // Those who are so little behind are waited for, so that from there all go on together.
    private const long NearMax = 20_000;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, long> _positions = new(StringComparer.Ordinal);
    private readonly Faults _faults = new(time);
    private readonly ProgressBell _bell = new();
    private Skips _skips = Skips.None;
    private volatile TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _doubted;
    private long _head = -1;

    public IReadOnlyList<ProjectionStatus> Status => [.. projections.Select(projection => new ProjectionStatus(
        projection.Name, PositionOf(projection), Volatile.Read(ref _head), Stopped(projection),
        _faults.Of(projection.Name)))];

    /// <summary>Follows the log until cancelled. Passing troubles of the database are waited out; a log that does not
    /// read is looked at again, with an alarm each time.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Reload(cancellation);
                await Turn(cancellation);
            }
            catch (CheckpointMovedException)
            {
                LogMoved();
            }
            catch (Exception e) when (e is NpgsqlException or EventLogUnavailableException or TimeoutException
                && !cancellation.IsCancellationRequested)
            {
                LogTrouble(e);
                await SilentWriter.CutOff(database, "views.checkpoint", e, cancellation);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                // Not of one event, for that parks who meets it: the log itself is not as it should be, and people put
                // it right while the server stands.
                LogStuck(e);
                await Task.Delay(AfterFault, time, cancellation);
            }
        }
    }

    /// <summary>Applies all that the log holds now, and returns.</summary>
    public async Task CatchUp(CancellationToken cancellation)
    {
        await Reload(cancellation);
        var head = await log.Head(cancellation);
        while (Cohorts() is [var rear, .. var ahead] && rear.Position < head)
            await Carry(rear, ahead is [var next, ..] ? Math.Min(next.Position, head) : head, cancellation);
    }

    /// <summary>Completes when every projection has applied the given position.</summary>
    /// <remarks>Runs decide about money by what they read next. Rows are written without waiting for the disk, so the
    /// database is asked: after a crash it may have less than was written.</remarks>
    /// <exception cref="ViewMismatchException">A projection has stopped before it.</exception>
    public async Task WaitFor(long position, CancellationToken cancellation)
    {
        while (true)
        {
            await _bell.Until(() => Reached(PositionOf, position), cancellation);
            await using var connection = await database.OpenConnectionAsync(cancellation);
            var stored = await Checkpoints.Read(connection, projections.Select(p => p.Name), cancellation);
            if (Reached(projection => stored[projection.Name], position))
                return;
            _doubted = true;
            await Task.Delay(TimeSpan.FromMilliseconds(100), time, cancellation);
        }
    }

    /// <summary>Completes when every projection has applied all that the log holds now.</summary>
    /// <inheritdoc cref="WaitFor"/>
    public async Task WaitForHead(CancellationToken cancellation) =>
        await WaitFor(await log.Head(cancellation), cancellation);

    private long PositionOf(IProjection projection) => _positions.GetValueOrDefault(projection.Name, -1);

    private string? Stopped(IProjection projection) => _faults.Of(projection.Name) is { } fault
        ? FormattableString.Invariant($"at position {fault.Position}: {fault.Reason}")
        : null;

    private bool Reached(Func<IProjection, long> at, long position) => projections.All(projection =>
        at(projection) >= position
        || (Stopped(projection) is { } why && _faults.Of(projection.Name)!.Position <= position
            ? throw new ViewMismatchException($"The projection {projection.Name} has stopped: {why}")
            : false));

    // Another process may have brought them where somebody here waits for them to be.
    private async Task Reload(CancellationToken cancellation)
    {
        _doubted = false;
        _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var stored = await Checkpoints.Read(connection, projections.Select(p => p.Name), cancellation);

        // Another database may stand behind us now, which the log finds out before it tells more of the old.
        Seen(await log.Head(cancellation));
        _skips = await Skips.Read(log, projections.Select(p => p.Name), cancellation);
        foreach (var name in projections.Select(projection => projection.Name))
        {
            _positions[name] = stored[name];
            _faults.Passed(name, stored[name]);
            if (_faults.Of(name) is { } fault && _skips.Has(name, fault.Position))
                _faults.Free(name);
        }

        Seen(stored.Values.Max());
        _bell.Ring();
    }

    private void Seen(long position) =>
        Interlocked.Exchange(ref _head, Math.Max(Interlocked.Read(ref _head), position));

    /// <summary>Those that stand at the same event and go on together, the hindmost first.</summary>
    private List<Cohort> Cohorts() => [.. projections
        .Where(projection => !_faults.Holds(projection.Name))
        .GroupBy(PositionOf).OrderBy(group => group.Key)
        .Select(group => new Cohort([.. group], group.Key))];

    /// <summary>Each cohort works up to where the next one began, the foremost without end; until something has
    /// changed.</summary>
    private async Task Turn(CancellationToken cancellation)
    {
        using var turn = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var cohorts = Cohorts();
        var near = cohorts.Zip(cohorts.Skip(1)).Where(pair => pair.Second.Position - pair.First.Position <= NearMax)
            .Select(pair => Carry(pair.First, pair.Second.Position, turn.Token)).ToList();
        List<Task> work = near.Count > 0
            ? near
            : [.. cohorts.Select((cohort, i) => Carry(
                cohort, i + 1 < cohorts.Count ? cohorts[i + 1].Position : long.MaxValue, turn.Token))];
        work.Add(Watch(turn.Token));
        await Task.WhenAny(work);
        await turn.CancelAsync();
        var ended = Task.WhenAll(work);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellation.ThrowIfCancellationRequested();

        // A cancelled one is one that another has ended.
        if (ended.Exception is { } wrong)
            ExceptionDispatchInfo.Throw(wrong.InnerExceptions[0]);
    }

    // Ends when a stopped one may go on, or somebody has seen the database hold less than we believe.
    private async Task Watch(CancellationToken cancellation)
    {
        var held = projections.Select(p => p.Name).Where(_faults.Holds).ToList();
        while (!_doubted && held.TrueForAll(_faults.Holds))
        {
            await Task.WhenAny(_passed.Task, Task.Delay(Look, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
            if (held.Count > 0 && !_doubted)
                await LookAt(held, cancellation);
        }
    }

    private async Task LookAt(List<string> held, CancellationToken cancellation)
    {
        Seen(await log.Head(cancellation));
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var stored = await Checkpoints.Read(connection, projections.Select(p => p.Name), cancellation);
        var skips = await Skips.Read(log, held, cancellation);
        _doubted |= held.Exists(name => _faults.Of(name) is { } fault
            && (stored[name] >= fault.Position || skips.Has(name, fault.Position)));
    }

    [LoggerMessage(LogLevel.Critical, "Projection {Projection} has stopped at position {Position}")]
    private partial void LogStopped(string projection, long position, Exception cause);

    [LoggerMessage(LogLevel.Error,
        "The event at position {Position} does not read; those who do not look at {Type} go on: {Projections}")]
    private partial void LogPassed(long position, string type, IEnumerable<string> projections, Exception cause);

    [LoggerMessage(LogLevel.Error, "Projection {Projection} could not apply a page; halving it")]
    private partial void LogFault(string projection, Exception cause);

    [LoggerMessage(LogLevel.Information, "Another process moves the projections too")]
    private partial void LogMoved();

    [LoggerMessage(LogLevel.Warning, "The projections wait for the database")]
    private partial void LogTrouble(Exception cause);

    [LoggerMessage(LogLevel.Critical, "No projection goes on: the log cannot be read as it is")]
    private partial void LogStuck(Exception cause);
}
