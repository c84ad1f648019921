namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>A withdrawal whose booking is not what the bank's lines say.</summary>
public sealed record WithdrawalBookingRow
{
    /// <summary>As <see cref="ExpectedMoneyRow.Id"/>.</summary>
    public required string Id { get; init; }

    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Number { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>The bank's number; empty when it tells none.</summary>
    public required string Reference { get; init; }

    public required string Line { get; init; }
}

/// <summary>A channel's money that a line of a statement was found to be, and that is not booked yet.</summary>
public sealed record UnbookedMoneyRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>The bank's number; empty when it tells none.</summary>
    public required string Reference { get; init; }

    public required string Line { get; init; }
}

/// <summary>A channel's money that was booked by a line of a statement which is something else after all.</summary>
public sealed record MisbookedMoneyRow
{
    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required string Line { get; init; }
}

/// <summary>A rest of a day's money whose booking is not what the bank's lines say.</summary>
public sealed record RestBookingRow
{
    /// <summary>As <see cref="ExpectedMoneyRow.Id"/>.</summary>
    public required string Id { get; init; }

    public required string Channel { get; init; }
    public required BusinessDay Day { get; init; }
    public required int Number { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }

    /// <summary>The bank's number; empty when it tells none.</summary>
    public required string Reference { get; init; }

    public required string Line { get; init; }
}

/// <summary>A payout that a line of a statement brought back.</summary>
public sealed record ReturnedPayoutRow
{
    public required string SettlementId { get; init; }

    /// <summary>Our number for the attempt.</summary>
    public required string Reference { get; init; }

    /// <summary>The bank's number of what came; empty when it tells none.</summary>
    public required string BankReference { get; init; }

    public required string Line { get; init; }
}
