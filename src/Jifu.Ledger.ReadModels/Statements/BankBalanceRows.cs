namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>What the statements of one bank account hold up to the end of a day.</summary>
public sealed record BankAccountRow
{
    public required string Account { get; init; }

    /// <summary>How many lines, and what they come to.</summary>
    public required int Lines { get; init; }

    public required long MovedMinor { get; init; }

    /// <summary>The last day of any statement of the account; null when none was read to its end.</summary>
    public BusinessDay? CoveredTo { get; init; }
}

/// <summary>A line at the beginning or the end of what an account's statements hold up to a day.</summary>
public sealed record BankEdgeRow
{
    public required string Account { get; init; }
    public required DateTimeOffset BookedAt { get; init; }
    public required long AmountMinor { get; init; }
    public long? BalanceMinor { get; init; }

    /// <summary>Which moment of the account it is of, counted from its first and from its last.</summary>
    public required long FromFirst { get; init; }

    public required long FromLast { get; init; }
}

/// <summary>Lines of the bank that are one thing, and what our books have for them, where that is not the same at the
/// end of a day.</summary>
public sealed record BankGapRow
{
    /// <summary>The account of its first line; null where the bank has none by that day.</summary>
    public string? Account { get; init; }

    /// <summary>Its first line, likewise.</summary>
    public string? Line { get; init; }

    /// <summary>The day of its first line or entry.</summary>
    public required BusinessDay Day { get; init; }

    /// <summary>What it is: <c>funds:wechatpay:2026-11-20</c>; several divided by a blank; empty for what nobody
    /// knows.</summary>
    public required string Movements { get; init; }

    public required string Reference { get; init; }
    public required string Counterparty { get; init; }
    public required string Note { get; init; }

    /// <summary>What its lines are by that day, and those after it.</summary>
    public required long SeenMinor { get; init; }

    public required long LaterMinor { get; init; }

    /// <summary>What the books have for it by that day.</summary>
    public required long BookedMinor { get; init; }
}
