namespace Jifu.Ledger.Reconciliation;

/// <summary>Our side of one channel's day: all that its bill is compared with.</summary>
/// <param name="Day">The day of the bill.</param>
/// <param name="Currency">The one currency of the bill and of all lines.</param>
/// <param name="Lines">What happened on the day by the channel's clock; each key once.</param>
/// <param name="Carried">What the days around it carried and nothing has met yet.</param>
/// <param name="Neighbours">Lines of the days around it that are not reconciled yet, of which those near its two
/// midnights may explain a row (<see cref="Margin"/>). A line of a reconciled day is not one: its bill has
/// spoken.</param>
public sealed record LedgerDay(
    BusinessDay Day, Currency Currency, IReadOnlyList<LedgerLine> Lines, IReadOnlyList<CarriedLine> Carried,
    IReadOnlyList<LedgerLine> Neighbours)
{
    /// <summary>How far from midnight the two sides may disagree on the day (跨日).</summary>
    public static readonly TimeSpan CutOffMargin = TimeSpan.FromMinutes(15);

    /// <summary>The same by channel: UnionPay's day ends in the evening, an hour before midnight as far as we
    /// know.</summary>
    public static TimeSpan MarginOf(Channel channel) =>
        channel is Channel.UnionPay ? TimeSpan.FromHours(2) : CutOffMargin;

    /// <summary>When a refund happened, as the channel's bill dates it. WeChat Pay lists it on the day on which it
    /// began, whenever the payer has it; others when it is done.</summary>
    /// <param name="requestedAt">When we asked for it; null where that was not noted.</param>
    public static DateTimeOffset TimeOfRefund(
        Channel channel, DateTimeOffset? requestedAt, DateTimeOffset refundedAt) =>
        channel is Channel.WeChatPay && requestedAt < refundedAt ? requestedAt.Value : refundedAt;

    /// <summary>How far from midnight this channel and we may disagree on the day.</summary>
    public TimeSpan Margin { get; init; } = CutOffMargin;

    /// <summary>What this day carried and another day's bill has ended since: a corrected bill of this day finds it
    /// settled, and carries it still.</summary>
    public IReadOnlyList<CarriedLine> Settled { get; init; } = [];

    /// <summary>True for a line so late in the day that the next day's bill may hold it.</summary>
    internal bool IsLate(LedgerLine line) => line.At >= Day.Next.Start - Margin && line.At < Day.Next.Start;

    /// <summary>True for a line of another day so near that this day's bill may hold it.</summary>
    internal bool IsNear(LedgerLine line) =>
        (line.At >= Day.Start - Margin && line.At < Day.Start)
        || (line.At >= Day.Next.Start && line.At < Day.Next.Start + Margin);
}

/// <summary>Who has a line under the day at hand while the other side has it under another.</summary>
public enum CarrySide
{
    None = 0,
    Ours = 1,
    Theirs = 2,
}

/// <summary>A line that the cut-off explained when its day was reconciled, as we hold it.</summary>
public sealed record CarriedLine(CarrySide Side, LedgerLine Line)
{
    /// <summary>What it puts between the two sides' nets: TheirNet - OurNet of the day that carries it.</summary>
    public Money Gap => Side is CarrySide.Ours ? -Line.Net : Line.Net;
}
