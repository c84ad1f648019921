namespace Jifu.Ledger.EventLog;

/// <summary>The only door to stored events. Every store behind it passes the same contract tests.</summary>
/// <remarks>
/// Positions order the events of all streams: they only grow, and become visible in that order, so that whoever has
/// read up to position n never misses an event at or below n. PostgreSQL numbers them 0, 1, 2 … without gaps,
/// EventStoreDB by bytes: nobody outside a store computes with them. Versions number one stream 0, 1, 2 … in every
/// store.
/// </remarks>
public interface IEventLog
{
    /// <summary>The same log, read where it is stored and never from this process's memory: for whoever checks it.
    /// Decisions and live views read the log itself, which may remember what it has just written.</summary>
    IEventLog Stored => this;

    /// <summary>True where positions are 0, 1, 2 …: one that is not there was taken away.</summary>
    bool IsGapless => false;

    /// <summary>Reads a stream forwards, from the event after <paramref name="afterVersion"/> (-1: from its
    /// beginning).</summary>
    /// <returns>
    /// <paramref name="countMax"/> events, in order; fewer only when there are no more, and none when there is no such
    /// stream. Their positions are -1 in a store that does not tell them here.
    /// </returns>
    Task<IReadOnlyList<RecordedEvent>> ReadStream(
        StreamName stream, long afterVersion, int countMax, CancellationToken cancellation);

    /// <summary>Reads all streams in the order of positions, after <paramref name="afterPosition"/> (-1: from the
    /// beginning).</summary>
    /// <returns>At most <paramref name="countMax"/> events, and no more than come up to about
    /// <see cref="PageLimit.Bytes"/>; fewer say nothing, but none says that there are no more.</returns>
    Task<IReadOnlyList<RecordedEvent>> ReadAll(long afterPosition, int countMax, CancellationToken cancellation);

    /// <summary>Reads all streams against the order of positions, before <paramref name="beforePosition"/>
    /// (<see cref="long.MaxValue"/>: from the end).</summary>
    /// <returns>As <see cref="ReadAll"/>, newest first.</returns>
    Task<IReadOnlyList<RecordedEvent>> ReadAllBackwards(
        long beforePosition, int countMax, CancellationToken cancellation) =>
        StepsBack.Read(this, beforePosition, countMax, cancellation);

    /// <summary>The position of the newest visible event; -1 in an empty log.</summary>
    Task<long> Head(CancellationToken cancellation);

    /// <summary>Completes when an event after <paramref name="position"/> may be visible, or after a short poll: read
    /// again either way.</summary>
    Task WaitPast(long position, CancellationToken cancellation);

    /// <summary>Appends events to one stream, all or none, durably before it returns.</summary>
    /// <param name="stream">Where to append.</param>
    /// <param name="expectedVersion">The version of the stream's last event as the caller knows it; -1 for a new
    /// stream.</param>
    /// <param name="events">At least one. A repeat of the same ids at the same place is quiet: nothing is written
    /// twice.</param>
    /// <param name="metadata">Who and why; stored with each event that has none of its own.</param>
    /// <param name="cancellation">Gives up waiting; the append may happen all the same, so a caller who retries uses
    /// the same ids.</param>
    /// <exception cref="EventLogOverloadedException">Too many appends wait; nothing was written.</exception>
    /// <exception cref="EventLogUnavailableException">The store did not answer; whether the events were written is
    /// unknown.</exception>
    Task<AppendResult> Append(
        StreamName stream, long expectedVersion, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation);
}

/// <summary>An event on its way in.</summary>
/// <param name="EventId">New for each event; the same id appended to the same place again is recognised.</param>
/// <param name="Type">Its stable name, such as <c>payment.succeeded</c>.</param>
/// <param name="Payload">The exact bytes to keep. Left alone by the caller from then on: they may be read from
/// memory.</param>
public sealed record EventToAppend(Guid EventId, string Type, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Who and why, where events of several commands share an append; null: the append's.</summary>
    public EventMetadata? Metadata { get; init; }
}

/// <summary>Who did it and why. Stored beside the payload, not in it.</summary>
/// <param name="Actor">The key, job or person that gave the command.</param>
/// <param name="CorrelationId">What ties together all that came of one request or run.</param>
/// <param name="CausationId">What directly led to it: a command, notice or event id.</param>
public sealed record EventMetadata(string Actor, string CorrelationId, string? CausationId = null);

/// <summary>An event as it stands in the log.</summary>
/// <param name="RecordedAt">When the log wrote it, by its clock. When it counts is in the payload.</param>
public sealed record RecordedEvent(
    long Position, StreamName Stream, long Version, Guid EventId, string Type, ReadOnlyMemory<byte> Payload,
    EventMetadata Metadata, DateTimeOffset RecordedAt)
{
    /// <summary>Why no ledger can have written it, in a store that takes what others write too; null for every event
    /// that one can have written.</summary>
    public string? Unreadable { get; init; }

    /// <summary>True when no ledger gives its stream such a name. The stream may go by another one here, which others
    /// share.</summary>
    public bool IsNameless { get; init; }
}

/// <summary>What became of an append.</summary>
public enum AppendOutcome
{
    /// <summary>Written now.</summary>
    Appended,

    /// <summary>The same event ids already stand at this place: an earlier try had succeeded. To be treated as
    /// <see cref="Appended"/>: a store may take the one for the other when both tries are under way at once.</summary>
    AlreadyAppended,

    /// <summary>Another writer came first; nothing was written. Read again and decide again.</summary>
    Conflict,
}

/// <summary>Where the events came to stand.</summary>
/// <param name="Outcome">Written, already there, or refused.</param>
/// <param name="Version">The version of the last event appended; on a conflict, of the stream as it is.</param>
/// <param name="Position">The position of the last event appended; -1 on a conflict.</param>
public readonly record struct AppendResult(AppendOutcome Outcome, long Version, long Position);

/// <summary>The log has as many appends waiting as it will hold. Nothing was written; try again after a
/// moment.</summary>
public sealed class EventLogOverloadedException(string message) : Exception(message);

/// <summary>The store did not answer in time. Whether the events were written is unknown: retry with the same event
/// ids.</summary>
public sealed class EventLogUnavailableException(string message, Exception? cause) : Exception(message, cause);
