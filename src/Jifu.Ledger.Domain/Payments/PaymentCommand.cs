using Jifu.Ledger.Risk;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Payments;

/// <summary>Everything that can be asked of a payment. Times and ids come in with the command,
/// so that deciding needs no clock.</summary>
public abstract record PaymentCommand
{
    private PaymentCommand() { }

    /// <summary>Make it, judge it and, when it passes, mark it as going out to the channel.</summary>
    public sealed record Create(PaymentOrder Order, PaymentTerms Terms, RiskDecision Decision, DateTimeOffset At)
        : PaymentCommand;

    public sealed record Accept(string Credential, DateTimeOffset At) : PaymentCommand;

    public sealed record MarkUnknown(string Reason, DateTimeOffset At) : PaymentCommand;

    /// <param name="Amount">What the channel says was paid.</param>
    /// <param name="Day">The business day on which it counts: never one that was already cleared.</param>
    public sealed record Succeed(
        string ChannelReference, Money Amount, DateTimeOffset PaidAt, BusinessDay Day, DateTimeOffset At)
        : PaymentCommand;

    public sealed record Fail(string Code, string Reason, DateTimeOffset At) : PaymentCommand;

    /// <summary>End an order for which the channel took another amount than was ordered: it never succeeds with that.
    /// </summary>
    /// <param name="Theirs">What the channel's bill says was paid, as a contradiction names it.</param>
    public sealed record FailForAmount(string Theirs, DateTimeOffset At) : PaymentCommand;

    public sealed record Close(DateTimeOffset At) : PaymentCommand;

    /// <param name="Held">What is put aside for it in the merchant's funds.</param>
    public sealed record MakeSplit(
        SplitId Split, ValueList<SplitRule> Rules, BusinessDay Day, DateTimeOffset At, Money? Held = null)
        : PaymentCommand;

    /// <summary>Make sure that a split which is not made never will be.</summary>
    public sealed record WithdrawSplit(SplitId Split, string Reason, DateTimeOffset At) : PaymentCommand;

    /// <param name="Day">Today's business day.</param>
    /// <param name="No">Which attempt it is, when something is put aside: <see cref="Payment.Paid.CancelNo"/>.</param>
    /// <param name="Held">What is put aside for that attempt in the merchant's funds.</param>
    public sealed record RequestCancel(
        string Reason, BusinessDay Day, DateTimeOffset At, int? No = null, Money? Held = null) : PaymentCommand;

    /// <summary>Make sure that an attempt to cancel which was not recorded never will be.</summary>
    public sealed record WithdrawCancel(int No, string Reason, DateTimeOffset At) : PaymentCommand;

    public sealed record ConfirmCancel(string ChannelReference, BusinessDay Day, DateTimeOffset At) : PaymentCommand;

    public sealed record RefuseCancel(string Code, string Reason, DateTimeOffset At) : PaymentCommand;

    /// <param name="Held">What is put aside for it in the merchant's funds.</param>
    public sealed record RequestRefund(
        RefundId Refund, Money Amount, string Reason, string? NotifyUrl, BusinessDay Day, DateTimeOffset At,
        Money? Held = null) : PaymentCommand;

    /// <summary>Make sure that a refund which was not requested never will be.</summary>
    public sealed record WithdrawRefund(RefundId Refund, string Reason, DateTimeOffset At) : PaymentCommand;

    public sealed record MarkRefundUnknown(RefundId Refund, string Reason, DateTimeOffset At) : PaymentCommand;

    public sealed record ConfirmRefund(
        RefundId Refund, string ChannelRefundReference, Money Amount, DateTimeOffset RefundedAt, BusinessDay Day,
        DateTimeOffset At) : PaymentCommand;

    public sealed record FailRefund(RefundId Refund, string Code, string Reason, BusinessDay Day, DateTimeOffset At)
        : PaymentCommand;
}
