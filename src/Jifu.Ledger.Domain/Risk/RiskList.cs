using System.Collections.Immutable;

namespace Jifu.Ledger.Risk;

/// <summary>Which list a name stands on.</summary>
public enum RiskListColour
{
    None = 0,
    Black,
    White,
}

/// <summary>Everything that can happen to the black and white lists (黑白名单): one stream,
/// <c>risklist-global</c>.</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record RiskListEvent
{
    private RiskListEvent() { }

    /// <param name="Name"><c>merchant:ID</c> or <c>payer:ID</c>.</param>
    public sealed record Listed(string Name, RiskListColour Colour, string Reason, DateTimeOffset At) : RiskListEvent;

    public sealed record Unlisted(string Name, RiskListColour Colour, string Reason, DateTimeOffset At) : RiskListEvent;
}

/// <summary>The lists as they stand.</summary>
public sealed record RiskList(ImmutableHashSet<string> Black, ImmutableHashSet<string> White)
{
    public static readonly RiskList Initial = new(ImmutableHashSet<string>.Empty, ImmutableHashSet<string>.Empty);

    public bool Holds(string name, RiskListColour colour) =>
        (colour == RiskListColour.Black ? Black : White).Contains(name);

    public static RiskList Evolve(RiskList list, RiskListEvent @event) => @event switch
    {
        RiskListEvent.Listed { Colour: RiskListColour.Black } e => list with { Black = list.Black.Add(e.Name) },
        RiskListEvent.Listed e => list with { White = list.White.Add(e.Name) },
        RiskListEvent.Unlisted { Colour: RiskListColour.Black } e => list with { Black = list.Black.Remove(e.Name) },
        RiskListEvent.Unlisted e => list with { White = list.White.Remove(e.Name) },
        _ => throw new InvalidDataException($"{@event} is no change of a list."),
    };
}
