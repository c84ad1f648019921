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
    /// <param name="To">What it is: <c>funds:wechatpay:2026-11-20</c>, <c>settlement:…</c>.</param>
    /// <param name="How"><c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c>, or <c>confirmed</c> by a
    /// person.</param>
    /// <param name="IsSource">True when the line was how we learnt of the money: it was booked as received for
    /// it.</param>
    /// <param name="Parts">What of the line is which; null when nobody noted it yet.</param>
    /// <param name="By">Who confirmed it; null when it was found without anybody.</param>
    public sealed record Matched(
        string Account, string Line, ValueList<string> To, Money Amount, string How, bool IsSource, DateTimeOffset At,
        ValueList<MatchedPart>? Parts = null, string? By = null)
        : StatementEvent;

    /// <summary>A person says that a line is not what it was taken for; both sides are open again.</summary>
    public sealed record MatchUndone(
        string Account, string Line, ValueList<string> To, string Reason, DateTimeOffset At) : StatementEvent;
}

/// <summary>The part of a bank's line that is one movement.</summary>
public sealed record MatchedPart(string To, Money Amount);
