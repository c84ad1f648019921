using FluentValidation;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Settlement;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Server.Api.Merchants;

/// <summary>A merchant as an operator registers it.</summary>
/// <param name="MerchantId">1 to 32 letters, digits, hyphens or underscores.</param>
/// <param name="PayoutAccount">A reference to an account, never its full number.</param>
internal sealed record MerchantRequest(
    string MerchantId, string Name, string PayoutAccount, SettlementTerm SettlementTerm, FeePlanJson FeePlan,
    IReadOnlyList<SplitRuleJson>? SplitRules = null, RiskLimitsJson? RiskLimits = null)
{
    public MerchantCommand.Register At(DateTimeOffset at) => new(
        Name, PayoutAccount, FeePlan.Plan(), SettlementTerm, RiskLimits?.Limits() ?? Jifu.Ledger.Risk.RiskLimits.None,
        (SplitRules ?? []).Select(rule => rule.Rule()).ToValueList(), at);
}

/// <summary>What a merchant pays: a rate for each channel that is open to it.</summary>
/// <param name="OnRefund">Whether a refund gives the fee back.</param>
internal sealed record FeePlanJson(FeeOnRefund OnRefund, IReadOnlyList<ChannelRateJson> Rates)
{
    public FeePlan Plan() => new(
        Rates.Select(rate => new ChannelRate(rate.Channel, new(rate.RatePpm))).ToValueList(), OnRefund);

    public static FeePlanJson Of(FeePlan plan) =>
        new(plan.OnRefund, [.. plan.Rates.Select(r => new ChannelRateJson(r.Channel, r.Rate.PartsPerMillion))]);
}

/// <summary>A rate in parts per million: 6000 is 0.6 %.</summary>
internal sealed record ChannelRateJson(Channel Channel, int RatePpm);

/// <summary>All standing split rules of a merchant; an empty list for none.</summary>
internal sealed record SplitRulesJson(IReadOnlyList<SplitRuleJson> Rules);

/// <summary>A receiver's standing share of every payment, in parts per million, rounded down.</summary>
internal sealed record SplitRuleJson(string Receiver, int RatePpm)
{
    public SplitRule Rule() => new(new(Receiver), SplitBasis.Rate, RatePpm);

    public static SplitRuleJson Of(SplitRule rule) => new(rule.Receiver.Value, checked((int)rule.Value));
}

/// <summary>Limits for payments, in minor units; absent for no limit.</summary>
internal sealed record RiskLimitsJson(MinorUnits? PerTransactionAmount = null, MinorUnits? PerDayAmount = null)
{
    public RiskLimits Limits() => new(PerTransactionAmount?.Value, PerDayAmount?.Value);

    public static RiskLimitsJson Of(RiskLimits limits) =>
        new(Amount(limits.PerTransactionMinor), Amount(limits.PerDayMinor));

    private static MinorUnits? Amount(long? minor) => minor is { } value ? new MinorUnits(value) : null;
}

/// <summary>Under which merchant numbers (商户号, 特约商户号) a channel's bills may hold a merchant's trade; an empty list
/// to compare none.</summary>
internal sealed record ChannelNumbersJson(Channel Channel, IReadOnlyList<string> Numbers);

/// <summary>When a merchant gets its money: <c>t1</c> or <c>t0</c>.</summary>
internal sealed record SettlementTermJson(SettlementTerm SettlementTerm);

/// <summary>What a registration must look like before anybody decides about it.</summary>
internal sealed class MerchantRules : AbstractValidator<MerchantRequest>
{
    public MerchantRules()
    {
        RuleFor(request => request.MerchantId).Matches(@"^[A-Za-z0-9_-]{1,32}\z")
            .WithMessage("must be 1 to 32 letters, digits, hyphens or underscores");
        RuleFor(request => request.Name).NotEmpty().MaximumLength(100).WithMessage("must have 1 to 100 characters");
        RuleFor(request => request.PayoutAccount).NotEmpty().MaximumLength(64)
            .WithMessage("must have 1 to 64 characters");
    }
}
