using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger;

/// <summary>A merchant (商户), as we number it.</summary>
public readonly record struct MerchantId(string Value) { public override string ToString() => Value; }

/// <summary>A payment, as we number it: what the channel knows as its merchant order number (商户订单号).</summary>
public readonly record struct PaymentId(string Value)
{
    /// <summary>The id that a merchant's order number always leads to, so that the order number is unique for ever
    /// without an index.</summary>
    public static PaymentId Of(MerchantId merchant, string merchantOrderNo) =>
        new("p" + Digest($"{merchant.Value.Length}:{merchant.Value}{merchantOrderNo}"));

    public override string ToString() => Value;

    // 120 bits of SHA-256, in hexadecimal: 30 + 1 characters fit the 32 that channels allow.
    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 15));
}

/// <summary>A refund, by the number that the merchant gave it (商户退款单号); unique within its payment.</summary>
public readonly record struct RefundId(string Value) { public override string ToString() => Value; }

/// <summary>A split (分账) of a payment, by the number that the merchant gave it; unique within its payment.</summary>
public readonly record struct SplitId(string Value) { public override string ToString() => Value; }

/// <summary>Who takes a share of a payment: an agent, a partner, a store.</summary>
public readonly record struct ReceiverId(string Value) { public override string ToString() => Value; }

/// <summary>A clearing batch (清分批次): channel, day, term and run in one name.</summary>
public readonly record struct BatchId(string Value) { public override string ToString() => Value; }

/// <summary>A settlement order (结算单): one merchant's payout from one clearing batch.</summary>
public readonly record struct SettlementId(string Value) { public override string ToString() => Value; }
