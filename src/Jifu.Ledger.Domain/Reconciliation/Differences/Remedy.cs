using System.Diagnostics;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>The ways in which people close a difference.</summary>
public enum RemedyKind
{
    None = 0,

    /// <summary>补单: what only the channel has is a payment of ours that we missed. Book it.</summary>
    Supplement,

    /// <summary>调账: move it to the account where it belongs.</summary>
    Adjust,

    /// <summary>退款: give it back to the payer by way of the channel.</summary>
    Refund,

    /// <summary>挂账: somebody goes on looking for the reason, until a day.</summary>
    Hold,

    /// <summary>核销: a loss or a gain.</summary>
    WriteOff,
}

/// <summary>What somebody wants done about a difference.</summary>
/// <param name="To">Of <see cref="RemedyKind.Adjust"/>: the account that takes it. Of
/// <see cref="RemedyKind.Supplement"/>: the merchant's available money, when there is no order with us that could
/// succeed.</param>
/// <param name="Owner">Of <see cref="RemedyKind.Hold"/>: who looks for the reason.</param>
/// <param name="Due">Of <see cref="RemedyKind.Hold"/>: until when.</param>
/// <param name="RefundNumber">Of <see cref="RemedyKind.Refund"/>: the number under which the channel's bill will have
/// it.</param>
/// <param name="Moves">Of a correction (差错), whose file does not say: what the channel owes us more by it; negative
/// when it takes back (退单). Null for every other difference: what is left of it moves.</param>
public sealed record Remedy(
    RemedyKind Kind, Account? To = null, string? Owner = null, BusinessDay? Due = null, string? RefundNumber = null,
    Money? Moves = null)
{
    /// <summary>True for a supplement that the order itself carries out: its own success books it.</summary>
    public bool IsByOrder => Kind is RemedyKind.Supplement && To is null;

    /// <summary>The ways that are open for a difference, once what they need is filled in.</summary>
    public static IEnumerable<RemedyKind> Possible(OpenDifference difference, DifferenceContext known)
    {
        ArgumentNullException.ThrowIfNull(difference);
        ArgumentNullException.ThrowIfNull(known);
        var (finding, isPositive) = (difference.Finding, difference.Left.IsPositive);
        var awaits = known.Awaits(finding) && !known.IsOfAnotherAmount;
        if (finding.Class == "only_at_channel" && (awaits ? LineKey.KindIn(finding.Key) == "payment" : isPositive))
            yield return RemedyKind.Supplement;
        if (!awaits)
            yield return RemedyKind.Adjust;
        if (!awaits && isPositive)
            yield return RemedyKind.Refund;
        yield return RemedyKind.Hold;
        if (!awaits)
            yield return RemedyKind.WriteOff;
    }

    /// <summary>Where the money of a difference goes that is closed so; nowhere when there is none in it.</summary>
    /// <remarks>A correction has none in suspense: what it moves passes through, from the channel's debt.</remarks>
    internal ValueList<SuspenseShare> Shares(Channel channel, Money left)
    {
        if (Moves is { } moves)
            return new SuspenseShare[] { new(Account.Receivable(channel), -moves), new(Target(channel), moves + left) }
                .Where(share => !share.Amount.IsZero).ToValueList();
        return left.IsZero || IsByOrder ? [] : [new(Target(channel), left)];
    }

    /// <summary>The first rule that forbids it; null when it may be proposed.</summary>
    internal DifferenceRejection? Forbidden(Finding finding, Money left, BusinessDay today) => Kind switch
    {
        _ when Moves is not null
            && (finding.Class != DifferenceClasses.Correction
                || Kind is not (RemedyKind.Adjust or RemedyKind.WriteOff)) =>
            DifferenceRejection.AmountNotOfCorrection,
        _ when Moves is { } moves && (moves.IsZero || moves.Currency != left.Currency) =>
            DifferenceRejection.CorrectionAmountMissing,
        RemedyKind.Adjust when Moves is null && finding.Class == DifferenceClasses.Correction =>
            DifferenceRejection.CorrectionAmountMissing,
        RemedyKind.Supplement when finding.Class != "only_at_channel" => DifferenceRejection.SupplementNotPossible,
        RemedyKind.Supplement when To is { Kind: not AccountKind.MerchantAvailable } =>
            DifferenceRejection.AccountNotAllowed,
        RemedyKind.Supplement or RemedyKind.Adjust when To is { } to && !Takes(to, finding.Channel, Moves ?? left) =>
            DifferenceRejection.AccountNotAllowed,
        RemedyKind.Adjust when To is null => DifferenceRejection.AccountNotAllowed,
        RemedyKind.Refund when !left.IsPositive => DifferenceRejection.NothingToRefund,
        RemedyKind.Refund when string.IsNullOrWhiteSpace(RefundNumber) => DifferenceRejection.RefundNumberMissing,
        RemedyKind.Hold when string.IsNullOrWhiteSpace(Owner) => DifferenceRejection.HoldOwnerMissing,
        RemedyKind.Hold when Due is null || Due < today => DifferenceRejection.HoldDayPassed,
        RemedyKind.None => throw new UnreachableException("Nobody proposes nothing."),
        _ => null,
    };

    // A merchant's money only grows here: what leaves it has to pass its funds, which say no when there is too little.
    private static bool Takes(Account to, Channel channel, Money left) => to.Kind switch
    {
        AccountKind.Bank or AccountKind.FeeIncome => to.Owner.Length == 0,
        AccountKind.ChannelCost or AccountKind.DifferenceResult => to.Owner == channel.Name(),
        AccountKind.ChannelReceivable => ChannelNames.TryParse(to.Owner, out _),
        AccountKind.MerchantAvailable => to.Owner.Length > 0 && left.IsPositive,
        _ => false,
    };

    private Account Target(Channel channel) => Kind switch
    {
        RemedyKind.Refund => Account.PayerRefund(channel),
        RemedyKind.Hold => Account.DifferenceHeld(channel),
        RemedyKind.WriteOff => Account.DifferenceResult(channel),
        _ => To ?? throw new UnreachableException($"{Kind} names no account."),
    };
}
