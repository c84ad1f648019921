using Jifu.Ledger.Clearing;

namespace Jifu.Ledger.ReadModels.Clearing;

/// <summary>What a merchant's items of a batch sum to in one currency, in minor units.</summary>
public record ClearingSums
{
    public required string MerchantId { get; init; }
    public required string Currency { get; init; }
    public required int Payments { get; init; }
    public required int Refunds { get; init; }
    public required long GrossMinor { get; init; }
    public required long RefundedMinor { get; init; }
    public required long FeesMinor { get; init; }
    public required long SplitsMinor { get; init; }
    public required long BroughtMinor { get; init; }

    /// <summary>Both of one merchant and currency.</summary>
    internal ClearingSums Plus(ClearingSums other) => this with
    {
        Payments = Payments + other.Payments,
        Refunds = Refunds + other.Refunds,
        GrossMinor = GrossMinor + other.GrossMinor,
        RefundedMinor = RefundedMinor + other.RefundedMinor,
        FeesMinor = FeesMinor + other.FeesMinor,
        SplitsMinor = SplitsMinor + other.SplitsMinor,
        BroughtMinor = BroughtMinor + other.BroughtMinor,
    };

    internal MerchantPosition ToPosition()
    {
        var currency = Enum.Parse<Currency>(Currency);
        return new(
            new(MerchantId), Payments, Refunds, new(GrossMinor, currency), new(RefundedMinor, currency),
            new(FeesMinor, currency), new(SplitsMinor, currency), new(BroughtMinor, currency));
    }
}
