using System.Collections.Concurrent;

namespace Jifu.Ledger.Reconciliation;

/// <summary>One thing in which a channel's bill and our books are not the same (差异), with the money in it.</summary>
/// <remarks>Their names are storage, as the class of <see cref="ReconciliationEvent.DifferenceFound"/>.</remarks>
public abstract record Discrepancy
{
    private static readonly ConcurrentDictionary<Type, string> Classes = [];

    private Discrepancy(string key, string field, string theirs, string ours, Money excess, LineFacts? facts = null) =>
        (Key, Field, Theirs, Ours, Excess, Facts) = (key, field, theirs, ours, excess, facts);

    /// <summary>What it is about: kind and number, <c>refund:p17.r1</c>.</summary>
    public string Key { get; }

    /// <summary>The column in which they differ.</summary>
    public string Field { get; }

    /// <summary>What the bill says, for people; empty when it says nothing.</summary>
    public string Theirs { get; }

    /// <summary>What our books say, for people; empty when they say nothing.</summary>
    public string Ours { get; }

    /// <summary>What the channel owes us beyond our books; negative when it owes less.</summary>
    public Money Excess { get; }

    /// <summary>The amount that <see cref="Ours"/> tells people; null when it tells none.</summary>
    public virtual Money? OurAmount => null;

    /// <summary>What was ordered, where the bill settles less than that; otherwise null.</summary>
    public virtual Money? Ordered => null;

    /// <summary>What else its lines say; null when there is no line to ask.</summary>
    public LineFacts? Facts { get; }

    /// <summary>The name of its class: <c>only_at_channel</c>.</summary>
    public string Class => Classes.GetOrAdd(GetType(), type => SnakeCase.Of(type.Name));

    /// <summary>长款: the channel has it, we do not.</summary>
    /// <param name="Alias">What tells it from others of its key, where there are any; otherwise null.</param>
    public sealed record OnlyAtChannel(BillLine Line, string? Alias = null)
        : Discrepancy(Alias ?? Line.Key, "line", $"{Line.Amount}", "", Line.Net, LineFacts.Of(Line));

    /// <summary>短款: we have it, the channel does not.</summary>
    public sealed record OnlyWithUs(LedgerLine Line)
        : Discrepancy(Line.Key, "line", "", $"{Line.Amount}", -Line.Net, LineFacts.Of(Line))
    {
        public override Money? OurAmount => Line.Amount;
    }

    public sealed record AmountDiffers(BillLine Line, LedgerLine Held)
        : Discrepancy(Line.Key, "amount", $"{Line.Amount}", $"{Held.Amount}",
            Line.Net + Line.Fee - Held.Net - Held.Fee, LineFacts.Of(Line, Held))
    {
        public override Money? OurAmount => Held.Amount;
        public override Money? Ordered => Line.Ordered;
    }

    public sealed record FeeDiffers(BillLine Line, LedgerLine Held)
        : Discrepancy(Line.Key, "fee", $"{Line.Fee}", $"{Held.Fee}", Held.Fee - Line.Fee, LineFacts.Of(Line, Held))
    {
        public override Money? OurAmount => Held.Fee;
    }

    /// <summary>The channel has not settled it, or settled it under another reference of its own.</summary>
    /// <param name="Uncounted">The net that only the channel counts, where we hold it as not done; otherwise null.
    /// </param>
    /// <param name="Held">Our line; null where there is none that is done.</param>
    public sealed record StatusDiffers(
        BillLine Line, string Column, string Said, string Expected, Money? Uncounted = null,
        LedgerLine? Held = null)
        : Discrepancy(
            Line.Key, Column, Said, Expected, Uncounted ?? Money.Zero(Line.Amount.Currency), LineFacts.Of(Line, Held));

    /// <summary>One side has it more often than the other, and counts it each time.</summary>
    /// <param name="More">The net of the rows beyond those that the other side has; negative when they are ours.
    /// </param>
    /// <param name="Row">The first of the bill's rows beyond; null when they are ours.</param>
    public sealed record Duplicate(string About, int TheirRows, int OurRows, Money More, BillLine? Row = null)
        : Discrepancy(About, "rows", FormattableString.Invariant($"{TheirRows}"),
            FormattableString.Invariant($"{OurRows}"), More, Row is null ? null : LineFacts.Of(Row));

    /// <summary>跨日: both have it, near midnight, under different days. It is carried, and suspends no money.</summary>
    /// <param name="Carried">What is carried to the day that meets it.</param>
    public sealed record CutOff(CarriedLine Carried)
        : Discrepancy(Carried.Line.Key, "day", Carried.Side is CarrySide.Ours ? "" : "this day",
            $"{Carried.Line.At.ToOffset(BusinessDay.Offset):yyyy-MM-dd HH:mm:ss}", Money.Zero(Carried.Gap.Currency))
    {
        /// <summary>The net of the line as we hold it, signed: what the event records.</summary>
        public Money Amount => Carried.Line.Net;

        /// <summary>Whose line it is, as the event names it: <c>ours</c>, <c>theirs</c>.</summary>
        public string Side => SnakeCase.Of($"{Carried.Side}");
    }

    /// <summary>Both have it, under days too far apart for the cut-off to explain.</summary>
    public sealed record WrongDay(BillLine Line, LedgerLine Held)
        : Discrepancy(Line.Key, "day", $"{BusinessDay.Of(Line.At)}", $"{BusinessDay.Of(Held.At)}", Held.Net);

    /// <summary>Both have it, under different merchant numbers. The money is the same, in another pocket.</summary>
    /// <param name="Excess">Nothing, unless ours is of a merchant whose orders are not compared.</param>
    public sealed record WrongMerchant(BillLine Line, string Held, Money Excess)
        : Discrepancy(Line.Key, "merchant", Line.Merchant, Held, Excess);

    /// <summary>差错: the channel has corrected something, a chargeback or an adjustment, and its file tells neither
    /// which way the money goes nor of which order. People find out; it suspends no money.</summary>
    /// <param name="Nth">Counts the rows that say the same, from 1.</param>
    public sealed record Correction(BillLine Line, int Nth)
        : Discrepancy(
            FormattableString.Invariant($"correction:{Line.Number}{(Nth > 1 ? $".{Nth}" : "")}"), "correction",
            $"{Line.Amount}", "", Money.Zero(Line.Amount.Currency));

    /// <summary>渠道分账: the channel gives a part of it to somebody else itself, so that less comes to us than the line
    /// nets to.</summary>
    /// <param name="About">What it is about, as other differences of the row name it.</param>
    /// <param name="Given">All that rows of that name give away.</param>
    public sealed record SplitAtChannel(BillLine Line, string About, Money Given)
        : Discrepancy(
            About, "share", $"{Given} {Line.Merchant}".TrimEnd(), "", -Given, LineFacts.Of(Line));
}
