using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Funds;

/// <summary>What the log says of a merchant's money in one currency, as of some position of it.</summary>
/// <param name="Free">Pending and available money, with what open refunds are sure to bring back, less what is put
/// aside. Below zero when the merchant owes us.</param>
/// <param name="Available">Cleared money, less what is put aside for payouts.</param>
/// <param name="Out">The sum of all that the funds stream had put aside, released and transferred by then.</param>
/// <param name="OutOfAvailable">The part of it that concerns cleared money.</param>
public readonly record struct FundsFacts(Money Free, Money Available, Money Out, Money OutOfAvailable)
{
    /// <summary>Of a merchant of whom the log says nothing.</summary>
    public static FundsFacts None(Currency currency) =>
        new(Money.Zero(currency), Money.Zero(currency), Money.Zero(currency), Money.Zero(currency));

    public override string ToString() => $"{Free}, {Available} cleared";
}

/// <summary>Everything that can be asked of a merchant's funds.</summary>
public abstract record FundsCommand
{
    private FundsCommand() { }

    /// <param name="Facts">However old: what the stream did since is told by the stream.</param>
    public sealed record Hold(HoldId Id, MerchantId Merchant, Money Amount, FundsFacts Facts, DateTimeOffset At)
        : FundsCommand;

    /// <summary>Put aside what the merchant has to give back, whether it still has it or not.</summary>
    public sealed record Withhold(HoldId Id, MerchantId Merchant, Money Amount, DateTimeOffset At) : FundsCommand;

    public sealed record Release(HoldId Id, MerchantId Merchant, Money Amount, string Reason, DateTimeOffset At)
        : FundsCommand;

    /// <param name="Facts">However old: what the stream did since is told by the stream.</param>
    public sealed record Transfer(
        TransferId Id, MerchantId Merchant, Account To, Money Amount, string Reason, FundsFacts Facts, BusinessDay Day,
        DateTimeOffset At) : FundsCommand;

    public sealed record SetOverdraftLimit(MerchantId Merchant, Money Limit, string Reason, DateTimeOffset At)
        : FundsCommand;
}

/// <summary>Every rule that can refuse a funds command, in the order in which they are asked. The API returns these
/// names.</summary>
public enum FundsRejection
{
    AmountNotPositive,
    OverdraftLimitNegative,
    TransferToItself,
    TransferTargetNotAllowed,
    TransferNoReused,
    HoldDiffers,
    FundsInsufficient,
}
