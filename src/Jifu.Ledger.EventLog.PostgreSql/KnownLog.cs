using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>How far the log reaches, as the database has told this process; and whether the database still has it
/// all.</summary>
/// <remarks>
/// A standby that takes over without the last commits, or an older copy put back, takes the log's end away beneath
/// those who have read it. What they remember, have answered and have made of it is of another history then, and as
/// soon as the log has grown again nothing would show it. So it is looked for wherever the log's end is read, and on
/// each new connection, for none outlives such a change; from then on this process neither reads nor writes.
/// </remarks>
internal sealed partial class KnownLog(ILogger logger)
{
    private const string StandsSql = """
        SELECT coalesce(max(position), -1), (SELECT link FROM log.events WHERE position = $1), pg_is_in_recovery()
        FROM log.events
        """;

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<string> _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LogHead _written = LogHead.Empty;
    private long _position = -1;

    /// <summary>The furthest that is known. To be taken before the log's end is asked for.</summary>
    public long Position => Interlocked.Read(ref _position);

    /// <summary>Completes, with what was found, when the database has less than it told.</summary>
    public Task<string> Lost => _lost.Task;

    /// <summary>The database has shown an event at this position.</summary>
    public void Reached(long position)
    {
        long known;
        while ((known = Position) < position)
            Interlocked.CompareExchange(ref _position, position, known);
    }

    /// <summary>This process has committed up to here. Two threads may tell of two batches the other way
    /// round.</summary>
    public void Wrote(LogHead head)
    {
        lock (_lock)
            _written = head.Position > _written.Position ? head : _written;
        Reached(head.Position);
    }

    /// <summary>Holds the log's end, as it was just read, against what was known before.</summary>
    /// <returns>The end.</returns>
    /// <exception cref="EventLogUnavailableException">It lies before that.</exception>
    public long MustReach(long known, long end)
    {
        if (end < known)
            Lose(FormattableString.Invariant(
                $"the log ends at position {end}, but this process was told that position {known} is committed"));
        Reached(end);
        return end;
    }

    /// <exception cref="EventLogUnavailableException">The log has lost its end.</exception>
    public void MustStand()
    {
        if (_lost.Task.IsCompleted)
            throw Unavailable();
    }

    /// <summary>Looks, on a new connection, whether all that is known is there.</summary>
    /// <exception cref="EventLogUnavailableException">It is not, or this is a standby, which may still get it.
    /// </exception>
    public void Check(NpgsqlConnection connection)
    {
        var (known, written) = Known();
        using var command = Stands(connection, written);
        using var row = command.ExecuteReader();
        row.Read();
        Compare(row, known, written);
    }

    /// <inheritdoc cref="Check"/>
    public async Task CheckAsync(NpgsqlConnection connection)
    {
        var (known, written) = Known();
        await using var command = Stands(connection, written);
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        Compare(row, known, written);
    }

    private (long Position, LogHead Written) Known()
    {
        MustStand();
        lock (_lock)
            return (Position, _written);
    }

    private static NpgsqlCommand Stands(NpgsqlConnection connection, LogHead written) =>
        new(StandsSql, connection) { Parameters = { Parameter.Number(written.Position) } };

    // Others may have written on from where the log was cut, so that its length shows nothing.
    private void Compare(NpgsqlDataReader row, long known, LogHead written)
    {
        if (row.GetBoolean(2))
            throw new EventLogUnavailableException("The event log's database is a standby.", null);
        MustReach(known, row.GetInt64(0));
        if (written.Position >= 0
            && (row.IsDBNull(1) || !written.Link.Span.SequenceEqual(row.GetFieldValue<byte[]>(1))))
            Lose(FormattableString.Invariant(
                $"position {written.Position} of the log is not the event that this process has written there"));
    }

    private void Lose(string found)
    {
        if (_lost.TrySetResult(found))
            LogLost(found);
        throw Unavailable();
    }

    private EventLogUnavailableException Unavailable() =>
        new($"The event log has lost its end: {_lost.Task.Result}.", null);

    [LoggerMessage(LogLevel.Critical, "THE LOG HAS LOST ITS END: {Found}. A standby took over that lacked it, or an "
        + "older copy was put back. This process neither reads nor writes the log any more")]
    private partial void LogLost(string found);
}
