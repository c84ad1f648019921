using FluentValidation;
using Jifu.Ledger.Operations.Notices;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Server.Api.Payments;

/// <summary>A merchant's order.</summary>
/// <param name="MerchantOrderNo">The merchant's own number, unique for ever: 1 to 64 visible ASCII characters.</param>
/// <param name="Amount">Minor units of the currency.</param>
/// <param name="PayerId">Who pays, as the merchant knows; lists of risk control look at it.</param>
/// <param name="PayerCode">The code scanned from the payer (付款码); for <c>micropay</c> only.</param>
/// <param name="NotifyUrl">Where to hear of the end.</param>
/// <param name="Split">How to split this payment; absent to use the merchant's standing rules.</param>
internal sealed record PaymentRequest(
    string MerchantOrderNo, MinorUnits Amount, Currency Currency, Channel Channel, PaymentProduct Product,
    string Description, string? PayerId = null, string? PayerCode = null, string? NotifyUrl = null,
    IReadOnlyList<ShareRequest>? Split = null)
{
    public PaymentOrder Of(MerchantId merchant) => new(
        merchant, MerchantOrderNo, Amount.Of(Currency), Channel, Product, Description, PayerId, PayerCode, NotifyUrl,
        (Split ?? []).Select(share => share.Rule).ToValueList());
}

/// <summary>A receiver's claim.</summary>
/// <param name="Basis"><c>amount</c>: minor units; <c>rate</c>: parts per million of the payment, rounded down.</param>
internal sealed record ShareRequest(string Receiver, SplitBasis Basis, MinorUnits Value)
{
    public SplitRule Rule => new(new(Receiver), Basis, Value.Value);
}

/// <summary>A split of a paid payment (分账).</summary>
internal sealed record SplitRequest(string SplitNo, IReadOnlyList<ShareRequest> Shares);

/// <summary>A refund of some or all of a payment.</summary>
/// <param name="RefundNo">The merchant's own number, unique within the payment.</param>
/// <param name="Amount">Minor units of the currency, which is the payment's.</param>
internal sealed record RefundRequest(
    string RefundNo, MinorUnits Amount, Currency Currency, string Reason, string? NotifyUrl = null);

/// <summary>A same-day cancellation.</summary>
internal sealed record CancelRequest(string Reason);

/// <summary>What texts in these requests may look like.</summary>
internal static class PaymentTexts
{
    public static IRuleBuilderOptions<T, string> Number<T>(this IRuleBuilder<T, string> rule, int lengthMax) => rule
        .Matches($"^[!-~]{{1,{lengthMax}}}\\z").WithMessage($"must be 1 to {lengthMax} visible ASCII characters");

    public static IRuleBuilderOptions<T, string?> Text<T>(this IRuleBuilder<T, string?> rule, int lengthMax) => rule
        .Must(text => text is null || (text.Length <= lengthMax && !text.Any(char.IsControl) && text.Trim().Length > 0))
        .WithMessage($"must be 1 to {lengthMax} characters, none of them a control character");

    public static IRuleBuilderOptions<T, string?> Url<T>(this IRuleBuilder<T, string?> rule, ServerSettings settings) =>
        rule.Must(url => url is null
                || (url.Length <= 512 && AddressGuard.Refusal(url, settings.AllowPrivateNotifyAddresses) is null))
            .WithErrorCode("notify_url_refused")
            .WithMessage("must be an http or https address outside private networks");
}

/// <summary>What an order must look like before anybody decides about it.</summary>
internal sealed class PaymentRequestRules : AbstractValidator<PaymentRequest>
{
    // A hundred billion yuan: no order comes near it, and sums of very many such orders still count exactly.
    private const long AmountMax = 10_000_000_000_000;

    public PaymentRequestRules(ServerSettings settings)
    {
        RuleFor(request => request.Amount).Must(amount => amount.Value <= AmountMax)
            .WithErrorCode("amount_out_of_range").WithMessage($"must be {AmountMax} at most");
        RuleFor(request => request.MerchantOrderNo).Number(64);
        RuleFor(request => request.Product).NotEqual(PaymentProduct.None).WithMessage("must be one of the products");
        RuleFor(request => request.Description).Text(127);
        RuleFor(request => request.PayerId).Text(128);
        RuleFor(request => request.PayerCode).Text(128);
        RuleFor(request => request.PayerCode).Null().When(request => request.Product != PaymentProduct.Micropay)
            .WithMessage("comes with micropay only");
        RuleFor(request => request.NotifyUrl).Url(settings);
        RuleForEach(request => request.Split).SetValidator(new ShareRules());
        RuleFor(request => request.Split).Must(split => split is null or { Count: <= 50 })
            .WithMessage("must have 50 receivers at most");
    }
}

internal sealed class ShareRules : AbstractValidator<ShareRequest>
{
    public ShareRules() => RuleFor(share => share.Receiver).Number(64);
}

internal sealed class SplitRequestRules : AbstractValidator<SplitRequest>
{
    public SplitRequestRules()
    {
        RuleFor(request => request.SplitNo).Number(64);
        RuleForEach(request => request.Shares).SetValidator(new ShareRules());
        RuleFor(request => request.Shares).Must(shares => shares.Count <= 50)
            .WithMessage("must have 50 receivers at most");
    }
}

internal sealed class RefundRequestRules : AbstractValidator<RefundRequest>
{
    public RefundRequestRules(ServerSettings settings)
    {
        // Payment id, a dot and this must fit the 64 characters that channels allow.
        RuleFor(request => request.RefundNo).Number(32);
        RuleFor(request => request.Reason).Text(80);
        RuleFor(request => request.NotifyUrl).Url(settings);
    }
}

internal sealed class CancelRequestRules : AbstractValidator<CancelRequest>
{
    public CancelRequestRules() => RuleFor(request => request.Reason).Text(80);
}
