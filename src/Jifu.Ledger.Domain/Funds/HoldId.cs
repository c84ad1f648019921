using System.Globalization;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Funds;

/// <summary>A transfer (转账), by the number that the payer gave it; unique for the payer.</summary>
public readonly record struct TransferId(string Value) { public override string ToString() => Value; }

/// <summary>What an amount is put aside for, by name: <c>refund:p1:R-1</c>, <c>split:p1:S-1</c>, <c>cancel:p1:0</c>,
/// <c>payout:s1_1</c>, <c>difference:d0a1:17</c>, <c>reversal:d0a1:2</c>.</summary>
public readonly record struct HoldId(string Value)
{
    private const string RefundKind = "refund:";
    private const string SplitKind = "split:";
    private const string CancelKind = "cancel:";
    private const string PayoutKind = "payout:";
    private const string DifferenceKind = "difference:";
    private const string ReversalKind = "reversal:";

    /// <summary>True when it is of cleared money: what goes to the bank account is, and what a difference
    /// gave.</summary>
    public bool IsOfAvailable => Value.StartsWith(PayoutKind, StringComparison.Ordinal)
        || Value.StartsWith(DifferenceKind, StringComparison.Ordinal)
        || Value.StartsWith(ReversalKind, StringComparison.Ordinal);

    /// <summary>The payment whose stream says what became of it; null for cleared money.</summary>
    public PaymentId? Payment => IsOfAvailable ? null : new(Value.Split(':', 3)[1]);

    /// <summary>The refund it is for; null when it is for something else.</summary>
    public RefundId? Refund => Value.StartsWith(RefundKind, StringComparison.Ordinal)
        ? new(Value.Split(':', 3)[2])
        : null;

    /// <summary>The split it is for; null when it is for something else.</summary>
    public SplitId? Split => Value.StartsWith(SplitKind, StringComparison.Ordinal)
        ? new(Value.Split(':', 3)[2])
        : null;

    /// <summary>The attempt to cancel the payment that it is for; null when it is for something else.</summary>
    public int? Cancel => Value.StartsWith(CancelKind, StringComparison.Ordinal)
        ? int.Parse(Value.Split(':', 3)[2], CultureInfo.InvariantCulture)
        : null;

    public static HoldId Of(PaymentId payment, RefundId refund) => new($"{RefundKind}{payment}:{refund}");
    public static HoldId Of(PaymentId payment, SplitId split) => new($"{SplitKind}{payment}:{split}");

    /// <param name="cancelNo">As in <see cref="Payments.Payment.Paid.CancelNo"/>.</param>
    public static HoldId Of(PaymentId payment, int cancelNo) =>
        new(FormattableString.Invariant($"{CancelKind}{payment}:{cancelNo}"));

    /// <param name="reference">Our number for one attempt of a payout.</param>
    public static HoldId OfPayout(string reference) => new(PayoutKind + reference);

    /// <summary>What a merchant gives back when a difference that was closed in its favour is undone.</summary>
    /// <param name="finding">It is undone once at most.</param>
    public static HoldId Of(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return new(FormattableString.Invariant($"{DifferenceKind}{finding.Id}:{finding.Position}"));
    }

    /// <summary>What a merchant gives back when two people reverse the closing that gave it.</summary>
    /// <param name="proposal">Of the reversal: a difference never uses a number twice.</param>
    public static HoldId OfReversal(DifferenceId difference, int proposal) =>
        new(FormattableString.Invariant($"{ReversalKind}{difference}:{proposal}"));

    public override string ToString() => Value;
}
