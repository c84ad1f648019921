using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>What became of a command.</summary>
/// <param name="State">The state after it; after a refusal, the state that refused.</param>
/// <param name="Events">What was appended; none for a repeat or a refusal.</param>
/// <param name="Rejection">The rule that refused; null when it was carried out.</param>
public sealed record Handled<TState, TEvent, TRejection>(
    TState State, IReadOnlyList<TEvent> Events, TRejection? Rejection)
    where TRejection : struct, Enum;

/// <summary>Other writers kept coming first. Nothing was written; the caller may try again.</summary>
public sealed class StreamContendedException(StreamName stream, int attempts)
    : Exception(FormattableString.Invariant($"Stream {stream} was changed by others {attempts} times in a row."));

/// <summary>Carries a command to one stream: know its state, decide, append; look again if another writer came
/// first.</summary>
public sealed class CommandDesk(IEventLog log, EventCodec codec, IdSource ids)
{
    private const int AttemptsMax = 5;
    private const int TurnsMax = 1 << 12;
    private readonly RecentStates _recent = new();
    private readonly SharedReads<StreamName, (object State, long Version)> _reads = new();

    // Commands to one stream take turns here: they would only run into each other at the log. Two streams may share a
    // turn, which costs them a wait and nothing else.
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, TurnsMax).Select(_ => new SemaphoreSlim(1))];

    public IdSource Ids => ids;

    public async Task<Handled<TState, TEvent, TRejection>> Handle<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, string id, TCommand command, EventMetadata metadata,
        CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        var stream = aggregate.StreamOf(id);
        var turn = _turns[stream.GetHashCode() & (TurnsMax - 1)];
        await turn.WaitAsync(cancellation);
        try
        {
            return await Decided(aggregate, stream, command, metadata, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Handled<TState, TEvent, TRejection>> Decided<TState, TCommand, TEvent, TRejection>(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, StreamName stream, TCommand command,
        EventMetadata metadata, CancellationToken cancellation)
        where TState : class where TEvent : class where TRejection : struct, Enum
    {
        // First by what memory has, or as if the stream were new: the append itself tells when that is old.
        var (state, version) = _recent.Find<TState>(stream) ?? (aggregate.Initial, -1);
        var fresh = false;
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var decision = aggregate.Decide(state, command);
            if (decision.Events is not [])
            {
                var result = await log.TryAppend(codec, ids, stream, version, decision.Events, metadata, cancellation);
                if (result.Outcome != AppendOutcome.Conflict)
                {
                    var after = decision.Events.Aggregate(state, aggregate.Evolve);
                    _recent.Keep(stream, after, result.Version);
                    return new(after, decision.Events, null);
                }
            }
            else if (fresh)
            {
                return new(state, [], decision.Rejection);
            }

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
        const int Page = 1000;
        var (state, version) = known;
        while (true)
        {
            var page = await log.ReadStream(stream, version, Page, cancellation);
            foreach (var recorded in page)
            {
                state = aggregate.Evolve(state, codec.Decode<TEvent>(recorded).Event);
                version = recorded.Version;
            }

            if (page.Count < Page)
            {
                _recent.Keep(stream, state, version);
                return (state, version);
            }
        }
    }
}
