using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>One statement of a bank that was read.</summary>
public sealed record StatementImportRow
{
    public required string Account { get; init; }
    public required string FileName { get; init; }
    public required string Sha256 { get; init; }
    public required int Rows { get; init; }

    /// <summary>Lines that no earlier statement had.</summary>
    public required int NewRows { get; init; }

    public required BusinessDay FromDay { get; init; }
    public required BusinessDay ToDay { get; init; }

    /// <summary>Where its balances stop following from each other; empty when they do.</summary>
    public required string Break { get; init; }

    public required string ImportedBy { get; init; }
    public required DateTimeOffset ImportedAt { get; init; }
}

/// <summary>One line of a bank's statement, with what it is.</summary>
public sealed record StatementLineRow
{
    public required string Line { get; init; }
    public required string Account { get; init; }
    public required DateTimeOffset BookedAt { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Currency { get; init; }

    /// <summary>Signed: positive comes in.</summary>
    public required long AmountMinor { get; init; }

    public long? BalanceMinor { get; init; }
    public required string Reference { get; init; }
    public required string Counterparty { get; init; }
    public required string Note { get; init; }
    public required int LineNo { get; init; }

    /// <summary>Who brought the statement that had it first; null when that was not read to its end.</summary>
    public string? ImportedBy { get; init; }

    /// <summary>How it was found out what the line is: <c>reference</c>, <c>name</c>, <c>amount</c>, <c>sum</c>,
    /// <c>confirmed</c>, <c>explained</c>; null while it is nothing that we know.</summary>
    public string? MatchedBy { get; init; }

    /// <summary>What it is: <c>funds:wechatpay:2026-11-20</c>, <c>settlement:…</c>; several divided by a blank.
    /// </summary>
    public required string MatchedTo { get; init; }

    /// <summary>The line with which it is that, for one of several; otherwise null.</summary>
    public string? MatchedWith { get; init; }

    /// <summary>The account of what it is beyond that, <c>bank_fee</c>; null when there is nothing.</summary>
    public string? ExplainedAs { get; init; }

    /// <summary>How much that is, positive comes in; null when there is nothing.</summary>
    public long? ExplainedMinor { get; init; }
}

/// <summary>A movement of the bank account that we expect or booked, and that no line of a statement is yet.</summary>
public sealed record ExpectedMoneyRow
{
    public required string Id { get; init; }

    /// <summary>The channel, for its money; empty for payouts.</summary>
    public required string Channel { get; init; }

    public required BusinessDay Day { get; init; }
    public required string Currency { get; init; }

    /// <summary>Signed: positive comes in.</summary>
    public required long AmountMinor { get; init; }

    public required string Reference { get; init; }

    /// <summary>False for a channel's money that is not booked yet: only its bill says that it should come.</summary>
    public required bool IsBooked { get; init; }

    /// <summary>Of a withdrawal: the channel's number of the movement; otherwise empty.</summary>
    public string Number { get; init; } = "";

    /// <summary>Of a withdrawal: an earlier one came back to where it was.</summary>
    public bool IsReturn { get; init; }

    /// <summary>The day on which we learnt of it, when that is no earlier than <see cref="Day"/>; otherwise null.
    /// </summary>
    public BusinessDay? KnownOn { get; init; }

    /// <summary>True for what nobody expects: only a person says that a line is it.</summary>
    public bool NeedsWord { get; init; }
}

/// <summary>How the statements of an account are read, and who said so.</summary>
public sealed record SavedMapping(StatementMapping Mapping, string SavedBy);
