using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>What rows of a trade bill mean to the comparison with our books.</summary>
internal static class TradeBillLines
{
    /// <summary>A row as a line. Its fee is rounded to fen, half to even, as each payment's cost is with us.</summary>
    /// <param name="day">Of which day the bill is; null when nobody says.</param>
    public static BillLine ToBillLine(this TradeBillRow row, int lineNo, BusinessDay? day = null)
    {
        var kind = row.TradeState switch
        {
            TradeState.Success => BillLineKind.Payment,
            TradeState.Refund => BillLineKind.Refund,
            TradeState.Revoked => BillLineKind.Revoke,
            _ => throw new ArgumentOutOfRangeException(nameof(row), row.TradeState, null),
        };
        var (number, reference) = kind is BillLineKind.Refund
            // A refund made in the channel's own console may have no number of ours.
            ? (row.OutRefundNo ?? row.RefundId!, row.RefundId ?? "")
            : (row.OutTradeNo, row.TransactionId);
        var (paid, paidAt) = kind is BillLineKind.Refund ? (row.OutTradeNo, row.TransactionId) : ("", "");
        return new(
            kind, number, reference, Amount(row), Fee(row), Status(row), row.At(day), lineNo,
            row.SubMerchantNumber ?? row.MerchantNumber, paid, paidAt,
            Ordered(row));
    }

    // What coupons of the merchant's own are in: 订单金额 of a payment, 申请退款金额 of a refund. A revocation has both.
    private static Money? Ordered(TradeBillRow row) => row.TradeState switch
    {
        TradeState.Success when row.OrderAmount != row.SettledAmount => row.OrderAmount,
        TradeState.Refund when row.RequestedRefundAmount != row.RefundAmount => row.RequestedRefundAmount,
        _ => null,
    };

    // A revocation before settlement stands in the payment's column, one after it in the refund's.
    private static Money Amount(TradeBillRow row) =>
        row.TradeState is TradeState.Refund || (row.TradeState is TradeState.Revoked && row.RefundAmount.IsPositive)
            ? row.RefundAmount
            : row.SettledAmount;

    private static Money Fee(TradeBillRow row) =>
        new Money(row.FeeHundredThousandths, row.Currency).RoundedHalfEven(1, 1_000);

    // A bill lists a refund once it has begun and taken its money from our account, and never tells how it went on: so
    // one under way is settled, as far as a bill can tell.
    private static string? Status(TradeBillRow row) =>
        row.TradeState is TradeState.Success || row.RefundState is "" or "SUCCESS" or "PROCESSING"
            ? null
            : row.RefundState.ToLowerInvariant();
}
