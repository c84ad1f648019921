namespace Jifu.Ledger.Fees;

/// <summary>Whether a refund gives back the fee (手续费) that the payment had cost.</summary>
public enum FeeOnRefund
{
    /// <summary>In proportion to what is refunded; a full refund gives back all of it. The default.</summary>
    Returned,

    /// <summary>The fee stays with whoever took it.</summary>
    Kept,
}

/// <summary>What a merchant pays for payments through one channel.</summary>
public sealed record ChannelRate(Channel Channel, Rate Rate);

/// <summary>A merchant's fee plan (费率): a rate for each channel it may use.
/// A channel without a rate is not open to it.</summary>
public sealed record FeePlan(ValueList<ChannelRate> Rates, FeeOnRefund OnRefund)
{
    public static readonly FeePlan None = new([], FeeOnRefund.Returned);

    /// <summary>The rate for a channel; null when the plan does not open it.</summary>
    public Rate? RateFor(Channel channel) => Rates.FirstOrDefault(rate => rate.Channel == channel)?.Rate;

    /// <summary>True when every rate is a share and no channel stands twice.</summary>
    public bool IsValid => Rates.All(r => r.Rate.IsShare && r.Channel != Channel.None)
        && Rates.DistinctBy(r => r.Channel).Count() == Rates.Count;
}

/// <summary>What a channel charges us (渠道成本).</summary>
public sealed record ChannelTerms(Channel Channel, Rate CostRate, FeeOnRefund OnRefund);
