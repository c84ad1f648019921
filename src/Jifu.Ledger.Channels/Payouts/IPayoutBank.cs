namespace Jifu.Ledger.Channels.Payouts;

/// <summary>The bank or channel that pays merchants out (代付).
/// One reference is paid once, however often it is asked.</summary>
public interface IPayoutBank
{
    Task<PayoutAnswer> Send(Payout payout, CancellationToken cancellation);

    Task<PayoutAnswer> Query(string reference, CancellationToken cancellation);
}

/// <summary>One payout to one account.</summary>
/// <param name="Reference">Our number for this attempt.</param>
/// <param name="Account">Where it goes: a reference to an account, never its full number.</param>
public sealed record Payout(string Reference, string Account, Money Amount);

/// <summary>What the bank answered.</summary>
public abstract record PayoutAnswer
{
    private PayoutAnswer() { }

    public sealed record Paid(string BankReference, DateTimeOffset PaidAt) : PayoutAnswer;

    public sealed record Refused(string Code, string Reason) : PayoutAnswer;

    public sealed record NotFound : PayoutAnswer;

    /// <summary>No answer, or one that says nothing. It may have been paid.</summary>
    public sealed record Unknown(string Reason) : PayoutAnswer;
}
