using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The event log in one PostgreSQL table, with group commit. One a process; several processes may share a
/// database.</summary>
/// <remarks>
/// It answers after the commit, and waits no longer than its limits say. The tables must be there already
/// (<see cref="Migrator"/>). Disposing of it writes what still waits.
/// </remarks>
public sealed class PostgreSqlEventLog : IEventLog, IAsyncDisposable
{
    // How soon another node's events are noticed; our own ring the bell at once.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private readonly NpgsqlDataSource _source;
    private readonly EventLogLimits _limits;
    private readonly LogReader _reader;
    private readonly Sequencer _sequencer;
    private readonly Bell _bell = new();

    /// <param name="connection">Of the role that runs, <see cref="Bootstrap.AppRole"/>; its pool settings are ours to
    /// choose.</param>
    /// <param name="time">Says when an event was recorded.</param>
    /// <param name="limits">What it takes on at once; null for the defaults.</param>
    /// <param name="logger">Told of failed batches; null for nobody.</param>
    public PostgreSqlEventLog(
        string connection, TimeProvider time, EventLogLimits? limits = null, ILogger<PostgreSqlEventLog>? logger = null)
    {
        ArgumentNullException.ThrowIfNull(time);
        _limits = limits ?? new();
        _source = NpgsqlDataSource.Create(Settings(connection));
        _reader = new(_source);
        _sequencer = new(
            [new(_source, time), new(_source, time)], time, _limits, _bell.Ring,
            logger ?? NullLogger<PostgreSqlEventLog>.Instance);
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation) =>
        _reader.Stream(stream, afterVersion, countMax, cancellation);

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        _reader.All(afterPosition, countMax, cancellation);

    public Task<long> Head(CancellationToken cancellation) => _reader.Head(cancellation);

    public async Task WaitPast(long position, CancellationToken cancellation)
    {
        try
        {
            await _bell.Past(position).WaitAsync(Poll, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            // Another node may have written: whoever waits looks again.
        }
    }

    public async Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var append = PendingAppend.Checked(stream, expectedVersion, events, metadata);
        _sequencer.Enqueue(append);
        try
        {
            return await append.Task.WaitAsync(_limits.Wait, TimeProvider.System, cancellation);
        }
        catch (TimeoutException e)
        {
            append.Abandon();
            throw new EventLogUnavailableException(
                $"The append to {stream} had no answer in time; whether it was written is unknown.", e);
        }
        catch (OperationCanceledException)
        {
            append.Abandon();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sequencer.DisposeAsync();
        await _source.DisposeAsync();
    }

    // Waits are shorter than a caller's patience, so that a dead connection is noticed and replaced in time. Two cores
    // gain nothing from more connections. The writer relies on each statement seeing what was committed before it.
    private static string Settings(string connection) => new NpgsqlConnectionStringBuilder(connection)
    {
        ApplicationName = "jifu event log",
        Options = @"-c default_transaction_isolation=read\ committed",
        MaxPoolSize = 8,
        NoResetOnClose = true,
        MaxAutoPrepare = 16,
        AutoPrepareMinUsages = 2,
        Timeout = 5,
        CommandTimeout = 5,
        KeepAlive = 10,
        WriteBufferSize = 1 << 16,
        Enlist = false,
    }.ConnectionString;
}
