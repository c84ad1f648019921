using System.Runtime.CompilerServices;
using Jifu.Ledger.EventLog.Evidence;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Copies the events of another store into our log, in their order, a moment after they were written: there
/// they are chained, signed and exported like our own, and the store can be held against them.</summary>
/// <remarks>
/// The copy numbers its events without gaps, and its times are those of copying. Several processes may copy at once:
/// each event has one place, and is recognised there. An event that it cannot hold is there as a <see cref="StandIn"/>.
/// What stands in a stream whose name is none of a ledger's is left out, and proves nothing: an event of ours that
/// somebody moves into such a one is missing then.
/// </remarks>
public sealed partial class LogCopy(
    IEventLog store, PostgreSqlEventLog copy, NpgsqlDataSource database, ILogger<LogCopy> logger) : IDisposable
{
    private const int PageSize = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Says that our log is a copy, should it be empty.</summary>
    /// <returns>False when it holds events of its own.</returns>
    public static async Task<bool> Begin(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand("""
            INSERT INTO log.copied (store_position) SELECT -1 WHERE NOT EXISTS (SELECT FROM log.events)
            ON CONFLICT DO NOTHING
            """);
        await command.ExecuteNonQueryAsync(cancellation);
        return await IsCopy(database, cancellation);
    }

    /// <summary>True when our log is a copy of another store's.</summary>
    public static async Task<bool> IsCopy(NpgsqlDataSource database, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(database);
        await using var command = database.CreateCommand("SELECT EXISTS (SELECT FROM log.copied)");
        return (bool)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Copies until it is cancelled. What stops it is looked at again and again, with an alarm each
    /// time.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await store.WaitPast(await CatchUp(cancellation), cancellation);
            }
            catch (LogAlteredException)
            {
                // The alarm was raised. It stands still until somebody has looked.
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
            catch (Exception e) when (e is NpgsqlException or EventLogUnavailableException
                or EventLogOverloadedException or TimeoutException)
            {
                LogWaits(e.Message);
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
            catch (Exception e) when (IsStuck(e))
            {
                LogStuck(e);
                await Task.Delay(Pause, TimeProvider.System, cancellation);
            }
        }
    }

    /// <summary>Copies all that the store holds now.</summary>
    /// <returns>The store's position up to which there is nothing left to copy.</returns>
    /// <exception cref="LogAlteredException">At an event's place the copy has another one.</exception>
    public async Task<long> CatchUp(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            var position = await Position(cancellation);
            while (await store.ReadAll(position, PageSize, cancellation) is { Count: > 0 } page)
            {
                foreach (var odd in page.Where(one => one.Unreadable is not null))
                    Tell(odd);
                foreach (var run in CopyRuns.Of(Copied(page)))
                    await Write(run, cancellation);
                position = page[^1].Position;
                await Advance(position, cancellation);
            }

            return position;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Copies what it can: a store that does not answer or does not read, or that has lost the place up to
    /// which it was copied, leaves the copy as it is.</summary>
    /// <exception cref="LogAlteredException">At an event's place the copy has another one.</exception>
    public async Task CatchUpIfItCan(CancellationToken cancellation)
    {
        try
        {
            await CatchUp(cancellation);
        }
        catch (Exception e) when (e is EventLogUnavailableException || IsStuck(e))
        {
            LogWaits(e.Message);
        }
    }

    /// <summary>Holds the store against the copy, event by event, and stops at the first that differs.</summary>
    /// <param name="rows">The copy, from its first event on.</param>
    public async Task Compare(
        IAsyncEnumerable<StoredEvent> rows, Findings findings, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(findings);
        var position = -1L;
        await using var originals = Originals(cancellation).GetAsyncEnumerator(cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            if (!await originals.MoveNextAsync())
            {
                findings.Add(
                    FindingKind.TailMissing, row.Position, null,
                    $"The store ends at its position {position}; the copy has position {row.Position} after it.");
                return;
            }

            var original = originals.Current;
            position = original.Position;
            if (Differing(row, original) is not { } field)
                continue;
            findings.Add(
                FindingKind.StoreDiffers, row.Position, field,
                $"The store's event at its position {position}, {original.Stream} {original.Version}, is not the one "
                + $"that was copied from there to position {row.Position}, {row.Stream} {row.Version}.");
            return;
        }
    }

    public void Dispose() => _turn.Dispose();

    private async IAsyncEnumerable<RecordedEvent> Originals([EnumeratorCancellation] CancellationToken cancellation)
    {
        var position = -1L;
        while (await store.ReadAll(position, PageSize, cancellation) is { Count: > 0 } page)
        {
            foreach (var one in Copied(page))
                yield return one;
            position = page[^1].Position;
        }
    }

    private async Task Write(IReadOnlyList<RecordedEvent> run, CancellationToken cancellation)
    {
        var outcome = await copy.Append(
            run[0].Stream, run[0].Version - 1,
            [.. run.Select(one => new EventToAppend(one.EventId, one.Type, one.Payload) { Metadata = one.Metadata })],
            run[0].Metadata, cancellation);
        if (outcome.Outcome != AppendOutcome.Conflict)
            return;

        // The last try may have got half as far: one by one, each is recognised.
        if (run.Count == 1)
            throw Altered(run[0]);
        foreach (var one in run)
            await Write([one], cancellation);
    }

    // The store does not read, or holds what cannot be copied: the server goes on without newer evidence.
    private static bool IsStuck(Exception e) =>
        e is InvalidOperationException or InvalidDataException or ArgumentException;

    private static IEnumerable<RecordedEvent> Copied(IReadOnlyList<RecordedEvent> page) =>
        page.Where(one => !one.IsNameless).Select(StandIn.Of);

    private static string? Differing(StoredEvent row, RecordedEvent original) =>
        row.Stream != $"{original.Stream}" ? "stream"
        : row.Version != original.Version ? "version"
        : row.EventId != original.EventId ? "event_id"
        : row.Type != original.Type ? "type"
        : new EventMetadata(row.Actor, row.CorrelationId, row.CausationId) != original.Metadata ? "metadata"
        : !row.Payload.Span.SequenceEqual(original.Payload.Span) ? "payload"
        : null;

    private async Task<long> Position(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT store_position FROM log.copied");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    private async Task Advance(long position, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("UPDATE log.copied SET store_position = $1");
        command.Parameters.Add(new() { Value = position });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private void Tell(RecordedEvent odd)
    {
        if (odd.IsNameless)
            LogLeftOut($"{odd.Stream}", odd.Version, odd.Position, odd.Unreadable!);
        else
            LogStandIn($"{odd.Stream}", odd.Version, odd.Position, odd.Unreadable!);
    }

    private LogAlteredException Altered(RecordedEvent original)
    {
        LogDiffers($"{original.Stream}", original.Version, original.Position);
        return new(new(
            FindingKind.StoreDiffers, null, null,
            $"The store's event {original.Version} of {original.Stream}, at its position {original.Position}, is not "
            + "the one that was copied from there."));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The copy of the log waits: {Reason}")]
    private partial void LogWaits(string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The copy of the log stands still: there is no newer evidence")]
    private partial void LogStuck(Exception cause);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The copy of the log leaves out {Stream} {Version} at the store's position {Position}: {Reason}")]
    private partial void LogLeftOut(string stream, long version, long position, string reason);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The copy of the log hashes {Stream} {Version} at the store's position {Position}: {Reason}")]
    private partial void LogStandIn(string stream, long version, long position, string reason);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "THE STORE IS NOT WHAT WAS COPIED FROM IT: {Stream} {Version} at its position {Position}")]
    private partial void LogDiffers(string stream, long version, long position);
}
