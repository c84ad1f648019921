using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>A command on its way to a stream, with who gave it.</summary>
internal sealed record Asked<TCommand>(TCommand Command, EventMetadata Metadata);

/// <summary>What becomes of commands that wait for one stream: each decided upon what those before it leave behind, and
/// their events ready for one append.</summary>
/// <remarks>Each event keeps the metadata of its own command. A refused command adds nothing, so its neighbours never
/// notice it. When the append finds the stream at the version of the state that all began from, every answer holds,
/// refusals included: nobody else had written.</remarks>
internal sealed class GroupDecision<TState, TCommand, TEvent, TRejection>
    where TState : class where TEvent : class where TRejection : struct, Enum
{
    // Well below what the log takes in one append; one command may go beyond.
    private const int EventsEnough = 400;
    private const int BytesEnough = 1 << 20;

    private readonly List<Handled<TState, TEvent, TRejection>> _answers;
    private readonly List<EventToAppend> _events;

    public GroupDecision(
        Aggregate<TState, TCommand, TEvent, TRejection> aggregate, TState state, IReadOnlyList<Asked<TCommand>> asked,
        EventCodec codec, IdSource ids)
    {
        (After, _answers, _events) = (state, new(asked.Count), new(asked.Count));
        long bytes = 0;
        for (var i = 0; i < asked.Count; i++)
        {
            var (command, metadata) = asked[i];
            if (_events.Count >= EventsEnough || bytes >= BytesEnough)
                break;
            var before = After;
            var decision = aggregate.Decide(before, command);
            for (var n = 0; n < decision.Events.Count; n++)
            {
                var @event = decision.Events[n];
                After = aggregate.Evolve(After, @event);
                _events.Add(codec.Encode(ids.Next(), @event, metadata));
                bytes += _events[^1].Payload.Length;
            }

            _answers.Add(new(After, decision.Events, decision.Rejection, before));
        }
    }

    /// <summary>For as many of the commands as one append takes, in their order.</summary>
    public IReadOnlyList<Handled<TState, TEvent, TRejection>> Answers => _answers;

    public IReadOnlyList<EventToAppend> Events => _events;

    /// <summary>The state once the events are appended.</summary>
    public TState After { get; }
}
