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
    internal const string ServerOptions =
        @"-c default_transaction_isolation=read\ committed -c lock_timeout=2s "
        + "-c idle_in_transaction_session_timeout=3s " + SilentClient.NoticedOptions;

    // How soon another node's events are noticed; our own ring the bell at once.
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    // Another process's event, or one of ours that is committed but not yet told of here: this is long for the latter.
    private static readonly TimeSpan WordOfOurs = TimeSpan.FromMilliseconds(20);

    // So many batches are under way at once: one is planned, one or two take their rows in, one waits for the disk.
    private const int Writers = 4;

    // Whoever reads what is past, and others outside may do so without end, takes no connection from who writes; he can
    // wait for one.
    private const int StoredReaders = 4;
    private const int StoredTimeout = 15;

    private const int QuietMax = 20_000;

    private readonly KnownLog _known;
    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _storedSource;
    private readonly LogReader _reader;
    private readonly Sequencer _sequencer;
    private readonly RecentEvents _recent;
    private readonly QuietStreams _quiet = new(QuietMax);
    private readonly SharedHead _head;
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
        limits ??= new();
        _recent = new(limits.RecentEventsMax, limits.RecentBytesMax);
        _known = new(logger ??= NullLogger<PostgreSqlEventLog>.Instance);
        _source = Source(Settings(connection));
        _storedSource = Source(new NpgsqlConnectionStringBuilder(Settings(connection))
        {
            ApplicationName = "jifu stored events", MaxPoolSize = StoredReaders, Timeout = StoredTimeout,
        }.ConnectionString);
        _reader = new(_source, _known);
        Stored = new StoredEvents(this, new(_storedSource, _known));
        _head = new(() => _reader.Head(CancellationToken.None));
        _sequencer = new(
            [.. Enumerable.Range(0, Writers).Select(_ => new BatchWriter(_source, time, _known))], time, limits,
            Committed, logger);
    }

    public IEventLog Stored { get; }

    public bool IsGapless => true;

    /// <summary>Completes, with what was found, when the database no longer has what it told this process is
    /// committed. All that this process has in memory is void then, and it should end: the log answers nothing any
    /// more.</summary>
    public Task<string> TailLost => _known.Lost;

    public async Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation)
    {
        _known.MustStand();
        var name = stream.ToString();
        if (_quiet.Holds(name, afterVersion) && await HasNothingAfter(name, afterVersion, cancellation))
            return [];
        var mark = _quiet.Watch(name);
        var events = await _reader.Stream(stream, afterVersion, countMax, cancellation);
        if (events.Count < countMax)
            _quiet.Read(mark, events is [] ? afterVersion : events[^1].Version);
        return events;
    }

    public Task<IReadOnlyList<RecordedEvent>> ReadAll(
        long afterPosition, int countMax, CancellationToken cancellation) =>
        !_known.Lost.IsCompleted && _recent.TryRead(afterPosition, countMax, out var recent)
            ? Task.FromResult(recent)
            : _reader.All(afterPosition, countMax, cancellation);

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

    public Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<AppendResult>(cancellation);
        try
        {
            var append = PendingAppend.Checked(stream, expectedVersion, events, metadata);
            _sequencer.Enqueue(append);
            return cancellation.CanBeCanceled ? UnlessCancelled(append, cancellation) : append.Task;
        }
#pragma warning disable CA1031 // The task tells it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Task.FromException<AppendResult>(e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _sequencer.DisposeAsync();
        await _storedSource.DisposeAsync();
        await _source.DisposeAsync();
    }

    // All who ask at the same time, for whatever streams, share one question to the database.
    private async Task<bool> HasNothingAfter(string stream, long version, CancellationToken cancellation)
    {
        var head = await _head.Now().WaitAsync(cancellation);
        try
        {
            while (_quiet.KnownTo < head && _quiet.Holds(stream, version))
                await _bell.Past(head - 1).WaitAsync(WordOfOurs, TimeProvider.System, cancellation);
        }
        catch (TimeoutException)
        {
            return false;
        }

        return _quiet.Holds(stream, version);
    }

    private static async Task<AppendResult> UnlessCancelled(PendingAppend append, CancellationToken cancellation)
    {
        await using var registration = cancellation.UnsafeRegister(
            static (waiting, token) => ((PendingAppend)waiting!).TrySetCanceled(token), append);
        return await append.Task;
    }

    // The bell last: whoever it wakes looks here first.
    private void Committed(EventRows rows)
    {
        _known.Wrote(rows.Head);
        _recent.Add(rows);
        _quiet.Committed(rows);
        _bell.Ring(rows.Head.Position);
    }

    // A new connection may be to a database that has lost what this process was told of.
    private NpgsqlDataSource Source(string settings) => new NpgsqlDataSourceBuilder(settings)
        .UsePhysicalConnectionInitializer(_known.Check, _known.CheckAsync).Build();

    // Waits are shorter than a caller's patience, so that a dead connection is noticed and replaced in time. Two cores
    // gain nothing from more connections. The writer relies on each statement seeing what was committed before it.
    private static string Settings(string connection) => new NpgsqlConnectionStringBuilder(connection)
    {
        ApplicationName = "jifu event log",
        Options = ServerOptions,
        MaxPoolSize = Writers + 6,
        MinPoolSize = 0,
        NoResetOnClose = true,
        MaxAutoPrepare = 16,
        AutoPrepareMinUsages = 2,
        Timeout = 5,
        CommandTimeout = 5,
        KeepAlive = 10,
        WriteBufferSize = 1 << 18,
        Enlist = false,
    }.ConnectionString;
}
