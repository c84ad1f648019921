namespace Jifu.Ledger;

/// <summary>A decider's answer: the events to append (none when there is nothing new to say)
/// or the one rule that forbids the command.</summary>
public sealed class Decision<TEvent, TRejection> where TEvent : class where TRejection : struct, Enum
{
    public static readonly Decision<TEvent, TRejection> Nothing = new([], null);

    private Decision(IReadOnlyList<TEvent> events, TRejection? rejection) => (Events, Rejection) = (events, rejection);

    public IReadOnlyList<TEvent> Events { get; }
    public TRejection? Rejection { get; }

    /// <summary>Several events that happen together or not at all.</summary>
    public static Decision<TEvent, TRejection> All(params IReadOnlyList<TEvent> events) => new(events, null);

    public static implicit operator Decision<TEvent, TRejection>(TEvent @event) => new([@event], null);
    public static implicit operator Decision<TEvent, TRejection>(TRejection rejection) => new([], rejection);
}
