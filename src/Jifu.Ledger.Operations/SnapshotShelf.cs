using System.Collections.Concurrent;
using System.Text.Json;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.Operations;

/// <summary>Where a stream stood.</summary>
/// <param name="EventId">The id of the event at that version.</param>
internal sealed record Snapshot<TState>(TState State, long Version, Guid EventId) where TState : class;

/// <summary>Keeps states of long streams in the database, so that a new process reads only what came after. A cache:
/// nothing depends on it.</summary>
/// <remarks>
/// A state is kept with the program that made it, so that no other one reads it, and with the id of the event at its
/// version, so that it is never taken for another stream's. It is written in the background, at most once in
/// <see cref="Pause"/> for each stream. What cannot be read or written is as if it were not there.
/// </remarks>
public sealed partial class SnapshotShelf(NpgsqlDataSource source, TimeProvider time, ILogger<SnapshotShelf> logger)
{
    /// <summary>How many events a stream has before it is worth a snapshot, and after each.</summary>
    public const int EventsMin = 1000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<StreamName, (long Version, long At)> _taken = new();

    internal async Task<Snapshot<TState>?> Find<TState>(StreamName stream, CancellationToken cancellation)
        where TState : class
    {
        try
        {
            await using var connection = await CallerPatience.Open(source, cancellation);
            var row = await connection.QuerySingleOrDefaultAsync<Row>(new(
                """
                SELECT version, event_id AS "EventId", type, state FROM views.snapshot
                WHERE stream = @stream AND program = @program
                """,
                new { stream = stream.ToString(), program = ProgramOf<TState>() }, cancellationToken: cancellation));
            return row is not null && typeof(TState).Assembly.GetType(row.Type) is { } type
                && JsonSerializer.Deserialize(row.State, type, EventJson.Options) is TState state
                ? new(state, row.Version, row.EventId)
                : null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            LogUseless(stream, e);
            return null;
        }
    }

    /// <summary>Takes a snapshot when the stream is long and the last one is old; returns at once.</summary>
    internal void Offer<TState>(StreamName stream, Snapshot<TState> snapshot) where TState : class
    {
        if (snapshot.Version < EventsMin)
            return;
        var known = _taken.TryGetValue(stream, out var last);
        if (known && (snapshot.Version < last.Version + EventsMin || time.GetElapsedTime(last.At) < Pause))
            return;
        var taken = (snapshot.Version, time.GetTimestamp());
        if (known ? _taken.TryUpdate(stream, taken, last) : _taken.TryAdd(stream, taken))
            _ = Task.Run(() => Write(stream, snapshot));
    }

    private async Task Write<TState>(StreamName stream, Snapshot<TState> snapshot) where TState : class
    {
        try
        {
            var type = snapshot.State.GetType();
            await using var connection = await source.OpenConnectionAsync();
            await connection.ExecuteAsync(
                """
                INSERT INTO views.snapshot AS s (stream, program, version, event_id, type, state, taken_at)
                VALUES (@stream, @program, @version, @event, @type, @state, now())
                ON CONFLICT (stream) DO UPDATE SET program = excluded.program, version = excluded.version,
                    event_id = excluded.event_id, type = excluded.type, state = excluded.state,
                    taken_at = excluded.taken_at
                WHERE s.program <> excluded.program OR s.version < excluded.version
                """,
                new
                {
                    stream = stream.ToString(), program = ProgramOf<TState>(), version = snapshot.Version,
                    @event = snapshot.EventId, type = type.FullName,
                    state = JsonSerializer.SerializeToUtf8Bytes(snapshot.State, type, EventJson.Options),
                });
        }
#pragma warning disable CA1031 // Nothing depends on it, and nobody waits for it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            LogUseless(stream, e);
        }
    }

    // The compiler gives each program text an id of its own: whoever changes a rule reads no state made by the old one.
    private static Guid ProgramOf<TState>() => typeof(TState).Assembly.ManifestModule.ModuleVersionId;

    [LoggerMessage(LogLevel.Warning, "A snapshot of {Stream} was of no use")]
    private partial void LogUseless(StreamName stream, Exception cause);

    private sealed record Row
    {
        public required long Version { get; init; }
        public required Guid EventId { get; init; }
        public required string Type { get; init; }
        public required byte[] State { get; init; }
    }
}
