using Jifu.Ledger.Fees;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Payments;

/// <summary>How the payer pays (支付产品, 支付场景).</summary>
public enum PaymentProduct
{
    None = 0,

    /// <summary>The merchant shows a code and the payer scans it (主扫).</summary>
    Native,

    /// <summary>The merchant scans the payer's code (被扫, 付款码).</summary>
    Micropay,

    /// <summary>Inside an official account or mini program (公众号, 小程序).</summary>
    Jsapi,

    /// <summary>From an app.</summary>
    App,

    /// <summary>From a page in a mobile browser.</summary>
    H5,
}

/// <summary>What a merchant asks for. Two orders under one number are the same only when all of it is equal.</summary>
/// <param name="PayerId">Who pays, as far as the merchant knows; null when it does not.</param>
/// <param name="PayerCode">The code the merchant scanned (付款码), for micropay only; null otherwise.</param>
/// <param name="NotifyUrl">Where the merchant wants to hear of the end; null for nowhere.</param>
/// <param name="Split">How to split this payment; empty to use the merchant's own rules.</param>
public sealed record PaymentOrder(
    MerchantId Merchant, string MerchantOrderNo, Money Amount, Channel Channel, PaymentProduct Product,
    string Description, string? PayerId, string? PayerCode, string? NotifyUrl, ValueList<SplitRule> Split);

/// <summary>What was settled when the payment was made and never changes after.</summary>
/// <param name="Quote">Fee and channel cost.</param>
/// <param name="Shares">Who gets what as soon as it is paid; empty for nobody.</param>
/// <param name="Day">The business day on which it was made.</param>
public sealed record PaymentTerms(FeeQuote Quote, ValueList<SplitShare> Shares, BusinessDay Day);

/// <summary>A share that a receiver gives back.</summary>
public sealed record ShareReturn(SplitId Split, ReceiverId Receiver, Money Amount);

/// <summary>What comes back with a refund or a cancellation besides the payer's money.</summary>
/// <param name="Fee">Fee returned to the merchant.</param>
/// <param name="Cost">Channel cost returned to us.</param>
/// <param name="Shares">Shares that receivers give back to the merchant.</param>
public sealed record Returns(Money Fee, Money Cost, ValueList<ShareReturn> Shares)
{
    public Money SharesTotal => Shares.Aggregate(Money.Zero(Fee.Currency), (sum, share) => sum + share.Amount);
}
