namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Everything that can happen to the statements of a bank account of ours (银行对账单).</summary>
/// <remarks>These names and shapes are the storage format. Add cases; never rename, reorder or remove them.</remarks>
public abstract record StatementEvent
{
    private StatementEvent() { }

    /// <summary>How the account's statements are read, from now on.</summary>
    public sealed record MappingSaved(string Account, StatementMapping Mapping, DateTimeOffset At) : StatementEvent;

    /// <summary>A line that no earlier statement brought. Moves nothing: what it is for does. Told again by another
    /// statement when the one that had it was never read to its end.</summary>
    /// <param name="Sha256">The statement that brings it.</param>
    public sealed record LineRead(
        string Account, string Line, DateTimeOffset BookedAt, Money Amount, string Reference, string Counterparty,
        string Note, string Sha256, int LineNo, Money? Balance = null) : StatementEvent;

    /// <summary>A statement was read whole. The file itself is kept under its SHA-256.</summary>
    /// <param name="NewRows">Those that no earlier statement brought.</param>
    /// <param name="Break">Where its balances stop following from each other; empty when they do, or when it has
    /// none.</param>
    public sealed record Imported(
        string Account, string FileName, string Sha256, int Rows, int NewRows, BusinessDay From, BusinessDay To,
        string Break, DateTimeOffset At) : StatementEvent;

    /// <summary>A line is what we expected: a channel's money for one day or several, or a payout of ours.</summary>
    /// <param name="To">What it is: <c>funds:wechatpay:2026-11-20</c>, <c>settlement:…</c>; none for what is only
    /// <see cref="Explained"/>.</param>
    /// <param name="How"><c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c>, or <c>confirmed</c> by a
    /// person; <c>explained</c> by two.</param>
    /// <param name="IsSource">True when the line was how we learnt of the money: it was booked as received for
    /// it.</param>
    /// <param name="Parts">What of the line is which; null when nobody noted it yet.</param>
    /// <param name="By">Who confirmed it; null when it was found without anybody.</param>
    /// <param name="Together">The lines that are it only together, of which the first one has the
    /// <paramref name="Parts"/>; null for a line by itself.</param>
    public sealed record Matched(
        string Account, string Line, ValueList<string> To, Money Amount, string How, bool IsSource, DateTimeOffset At,
        ValueList<MatchedPart>? Parts = null, string? By = null, ValueList<string>? Together = null)
        : StatementEvent;

    /// <summary>A person says that a line is not what it was taken for; both sides are open again.</summary>
    public sealed record MatchUndone(
        string Account, string Line, ValueList<string> To, string Reason, DateTimeOffset At) : StatementEvent;

    /// <summary>A person says to which account belongs what lines are beyond what we expected: a fee, interest, a
    /// transfer of our own. Another one has to approve it; nothing moves before.</summary>
    /// <param name="Id">What it is known by until it is decided.</param>
    /// <param name="Lines">The lines that it is about, together.</param>
    /// <param name="To">What they are besides, as in <see cref="Matched"/>; none when they are nothing that we
    /// expected.</param>
    /// <param name="Amount">What they are beyond that: positive came in.</param>
    public sealed record ExplanationProposed(
        string Id, string Account, ValueList<string> Lines, ValueList<string> To, Money Amount, Journal.Account As,
        string Reason, string By, DateTimeOffset At) : StatementEvent;

    /// <summary>It will not be so.</summary>
    public sealed record ExplanationRejected(string Id, string Reason, string By, DateTimeOffset At)
        : StatementEvent;

    /// <summary>Another person has approved it; what its lines are besides was told before this. Moves money.</summary>
    /// <param name="Line">The first of its lines.</param>
    /// <param name="Day">The day on which it was approved, which it counts on.</param>
    public sealed record Explained(
        string Id, string Account, string Line, Money Amount, Journal.Account As, string Reason, string ProposedBy,
        string By, BusinessDay Day, DateTimeOffset At) : StatementEvent;

    /// <summary>The line is something else after all: the counter-entry of <see cref="Explained"/>. Moves money.
    /// </summary>
    /// <param name="Reason">Why, in a person's words.</param>
    public sealed record ExplanationTakenBack(
        string Account, string Line, Money Amount, Journal.Account As, string Reason, BusinessDay Day,
        DateTimeOffset At) : StatementEvent;
}

/// <summary>The part of a bank's line that is one movement.</summary>
public sealed record MatchedPart(string To, Money Amount);
