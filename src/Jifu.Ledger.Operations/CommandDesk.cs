using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>What became of a command.</summary>
/// <param name="State">The state after it; after a refusal, the state that refused.</param>
/// <param name="Events">What was appended; none for a repeat or a refusal.</param>
/// <param name="Rejection">The rule that refused; null when it was carried out.</param>
/// <param name="Before">The state that the command found.</param>
public sealed record Handled<TState, TEvent, TRejection>(
    TState State, IReadOnlyList<TEvent> Events, TRejection? Rejection, TState Before)
    where TRejection : struct, Enum;

/// <summary>Other writers kept coming first. Nothing was written; the caller may try again.</summary>
public sealed class StreamContendedException(StreamName stream, int attempts)
    : Exception(FormattableString.Invariant($"Stream {stream} was changed by others {attempts} times in a row."));

/// <summary>Carries a command to one stream: know its state, decide, append; look again if another writer came
/// first.</summary>
/// <remarks>Commands that wait for the same stream are decided together and share one append, so a busy stream gets
/// faster, not slower; each caller has its own answer.</remarks>
/// <param name="shelf">Keeps the states of long streams across restarts; null to read streams from their
/// beginning.</param>
public sealed class CommandDesk(IEventLog log, EventCodec codec, IdSource ids, SnapshotShelf? shelf = null)
{
    private const int AttemptsMax = 16;
    private const int PageMax = 1000;
    private const int GenerationMax = 100_000;

    // Another process on the same busy stream: whoever waits a little meets it less often.
    private const int AttemptsAtOnceMax = 3;
    private readonly RecentStates _recent = new(GenerationMax);
    private readonly SharedReads<StreamName, (object State, long Version)> _reads = new();
    private readonly StreamTurns _turns = new();

    public IdSource Ids => ids;

    public Task<Handled<TState, TEvent, TRejection>> Handle<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, string id, TCommand command, EventMetadata metadata,
        CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        var stream = aggregate.StreamOf(id);
        return _turns.Take<Asked<TCommand>, Handled<TState, TEvent, TRejection>>(
            stream, new(command, metadata), (group, cancel) => Decided(aggregate, stream, group, cancel), cancellation);
    }

    private async Task<IReadOnlyList<Handled<TState, TEvent, TRejection>>> Decided<
        TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, StreamName stream,
        IReadOnlyList<Asked<TCommand>> group, CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        // First by what memory has, or as if the stream were new: the append itself tells when that is old.
        var (state, version) = _recent.Find<TState>(stream) ?? (aggregate.Initial, -1);
        var fresh = false;
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var decided = new GroupDecision<TState, TCommand, TEvent, TRejection>(aggregate, state, group, codec, ids);
            if (decided.Events is not [])
            {
                var result = await log.Append(stream, version, decided.Events, group[0].Metadata, cancellation);
                if (result.Outcome != AppendOutcome.Conflict)
                {
                    Keep(stream, decided.After, result.Version, decided.Events[^1].EventId);
                    return decided.Answers;
                }
            }
            else if (fresh)
            {
                return decided.Answers;
            }

            if (fresh && attempt >= AttemptsAtOnceMax)
                await Task.Delay(TimeSpan.FromMilliseconds(attempt), TimeProvider.System, cancellation);

            // A refusal never rests on memory: others may have written since.
            (state, version) = await Read(aggregate, stream, cancellation);
            fresh = true;
        }

        throw new StreamContendedException(stream, AttemptsMax);
    }

    /// <summary>The state of a stream as the log has it now; the initial state when there is no such stream.</summary>
    public async Task<TState> Load<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, string id, CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum =>
        (await Read(aggregate, aggregate.StreamOf(id), cancellation)).State;

    private async Task<(TState State, long Version)> Read<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, StreamName stream, CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        var (state, version) = await _reads.Join(
            stream,
            async () => await CaughtUp(
                aggregate, stream, _recent.Find<TState>(stream) ?? (aggregate.Initial, -1), CancellationToken.None),
            cancellation);
        return ((TState)state, version);
    }

    private async Task<(TState State, long Version)> CaughtUp<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, StreamName stream,
        (TState State, long Version) known, CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        var (state, version) = known;
        for (var isFirst = true; ; isFirst = false)
        {
            var page = await log.ReadStream(stream, version, PageMax, cancellation);
            foreach (var recorded in page)
            {
                state = aggregate.Evolve(state, codec.Decode<TEvent>(recorded).Event);
                version = recorded.Version;
            }

            if (page.Count < PageMax)
            {
                if (page.Count > 0)
                    Keep(stream, state, version, page[^1].EventId);
                else
                    _recent.Keep(stream, state, version);
                return (state, version);
            }

            // Only a stream that proves long is looked up on the shelf, so short ones pay nothing for it.
            if (isFirst && await Shelved<TState>(stream, version, cancellation) is { } shelved)
                (state, version) = (shelved.State, shelved.Version);
        }
    }

    // Of no use unless it is further on, and of this very stream.
    private async Task<Snapshot<TState>?> Shelved<TState>(
        StreamName stream, long version, CancellationToken cancellation) where TState : class =>
        shelf is not null && await shelf.Find<TState>(stream, cancellation) is { } found && found.Version > version
        && await log.ReadStream(stream, found.Version - 1, 1, cancellation) is [var there]
        && there.EventId == found.EventId
            ? found
            : null;

    private void Keep<TState>(StreamName stream, TState state, long version, Guid eventId) where TState : class
    {
        _recent.Keep(stream, state, version);
        shelf?.Offer<TState>(stream, new(state, version, eventId));
    }
}
