using System.Text.Json;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.ReadModels.Reconciliation.Differences;

/// <summary>One difference as it stands, with what else is known of its number. Amounts in minor units.</summary>
public sealed record DifferenceLifeRow
{
    public required string DifferenceId { get; init; }
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Class { get; init; }
    public required string Key { get; init; }
    public required string Field { get; init; }
    public required string Theirs { get; init; }
    public required string Ours { get; init; }
    public required string Currency { get; init; }
    public required long ExcessMinor { get; init; }
    public required long LeftMinor { get; init; }
    public required long FoundPosition { get; init; }
    public required bool Found { get; init; }

    /// <summary><c>open proposed carrying_out held closed undone</c>; of what is not found any more,
    /// <see cref="Found"/> tells first.</summary>
    public required string Status { get; init; }
    public required int Version { get; init; }
    public int? Proposal { get; init; }

    /// <summary>What was proposed: a remedy as JSON, or <c>reverse</c>.</summary>
    public string? Proposed { get; init; }
    public string? ProposedReason { get; init; }
    public string? ProposedBy { get; init; }

    /// <summary>What people closed it by, as JSON.</summary>
    public string? Remedy { get; init; }
    public string? ApprovedBy { get; init; }

    /// <summary><c>people</c>, <c>met</c> or <c>rule</c>; of one that is open, the last that freed a part.</summary>
    public string? ClosedBy { get; init; }
    public string? ClosedWith { get; init; }

    /// <summary>The same without this one, which a rule took too; null when it took no other.</summary>
    public string? WithOthers => ClosedBy != "rule" ? ClosedWith
        : string.Join(' ', ClosedWith!.Split(' ').Where(id => id != DifferenceId)) is { Length: > 0 } others ? others
        : null;

    public string? Rule { get; init; }
    public int? RuleVersion { get; init; }
    public BusinessDay? ClosedOn { get; init; }
    public long? ClosedPosition { get; init; }
    public string? Owner { get; init; }
    public BusinessDay? Due { get; init; }

    /// <summary>What stands in <c>difference_held</c> for it.</summary>
    public long HeldMinor { get; init; }
    public string? RefundNumber { get; init; }
    public required long RefundOwedMinor { get; init; }

    /// <summary>What its lines say besides, as <see cref="LineFacts"/>; null where no event has noted it.</summary>
    public string? Merchant { get; init; }
    public string? Reference { get; init; }
    public string? OrderNumber { get; init; }
    public string? OrderReference { get; init; }

    /// <summary>What our side says; null where it says no amount, or no event has noted it.</summary>
    public long? OursMinor { get; init; }

    /// <summary>What the bill says was ordered, where it settles less; otherwise null.</summary>
    public long? OrderedMinor { get; init; }

    /// <summary>Why what people had closed was undone by a corrected bill, and what that was; null when nothing was, or
    /// people have closed it since.</summary>
    public string? Former { get; init; }

    /// <summary>What its closing was about, or would be; told of what days' bills have only.</summary>
    public long? InPlayMinor { get; init; }

    /// <summary>True for one that a rule had closed before; told of the live ones of a channel only.</summary>
    public bool WasMatched { get; init; }

    /// <summary>True when people have closed it and our own payment, refund or cancellation of that number booked it
    /// once more afterwards: the money was given twice.</summary>
    public bool IsBookedTwice { get; init; }

    /// <summary>How our payment of that number stands; null when we have none.</summary>
    public string? OrderStatus { get; init; }

    /// <summary>How our refund of that number stands; null when we have none.</summary>
    public string? RefundStatus { get; init; }

    /// <summary>When our line of that number happened; null when we have none.</summary>
    public DateTimeOffset? OurTime { get; init; }

    /// <summary>What was ordered, of a payment about which the channel has told something else; null
    /// otherwise.</summary>
    public long? ContradictedMinor { get; init; }

    /// <summary>What advice needs to know besides the difference itself.</summary>
    public DifferenceContext Context(int ageDays) => new(
        OrderStatus, OurTime, ageDays, RefundStatus, Status == "held",
        ContradictedMinor is { } ordered && $"{Minor(ordered)}" != Theirs);

    public Finding Finding => new(
        ChannelNames.Parse(Channel), Day, Class, Key, Field, Theirs, Ours, Minor(ExcessMinor), FoundPosition, Line,
        OursMinor is { } minor ? Minor(minor) : null, OrderedMinor is { } ordered ? Minor(ordered) : null);

    private LineFacts? Line =>
        Merchant is null ? null : new(Merchant, Reference!, OrderNumber!, OrderReference!);

    /// <summary>With what its next closing would move: a hold counts as if it had ended.</summary>
    public OpenDifference Open => new(Finding, Minor(Status == "held" ? HeldMinor : LeftMinor));

    public Money Minor(long minorUnits) => new(minorUnits, Enum.Parse<Currency>(Currency));

    /// <summary>A remedy as this row has it.</summary>
    public static Remedy RemedyOf(string json) => JsonSerializer.Deserialize<Remedy>(json, EventJson.Options)!;

    /// <summary>A remedy in a few words, with which the step that proposes it begins.</summary>
    public static string Said(Remedy remedy) => SnakeCase.Of($"{remedy.Kind}")
        + (remedy.To is { } to ? $" to {to}" : "")
        + (remedy.Moves is { } moves ? $" {moves}" : "")
        + (string.IsNullOrEmpty(remedy.Owner) ? "" : $" by {remedy.Owner}")
        + (remedy.Due is { } due ? $" until {due}" : "")
        + (remedy.RefundNumber is { Length: > 0 } number ? $" as {number}" : "");
}
