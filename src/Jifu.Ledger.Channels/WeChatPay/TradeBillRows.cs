using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

using static TradeBillColumn;

/// <summary>Reads one row's cells into what they mean.</summary>
internal static class TradeBillRows
{
    public static TradeBillRow Read(BillCells<TradeBillColumn> cells, OneSign refunds)
    {
        var state = State(cells);
        var settled = cells.Amount(SettledAmount);
        var refunded = cells.Outgoing(RefundAmount, refunds);
        return new()
        {
            TradeTime = cells.Time(TradeTime),
            AppId = cells.Text(AppId),
            MerchantNumber = cells.RequiredNumber(MerchantNumber),
            SubMerchantNumber = cells.Number(SubMerchantNumber),
            Device = cells.Text(Device),
            TransactionId = cells.RequiredNumber(TransactionId),
            OutTradeNo = cells.RequiredNumber(OutTradeNo),
            UserId = cells.Text(UserId),
            TradeType = cells.Text(TradeType),
            TradeState = state,
            Bank = cells.Text(Bank),
            SettledAmount = settled,
            CouponAmount = cells.Amount(CouponAmount),
            RefundId = cells.Number(RefundId),
            OutRefundNo = state is Refund && cells.Number(RefundId) is null
                ? cells.RequiredNumber(OutRefundNo)
                : cells.Number(OutRefundNo),
            RefundAmount = refunded,
            CouponRefundAmount = cells.Outgoing(CouponRefundAmount, refunds),
            RefundType = cells.Text(RefundType),
            RefundState = cells.Text(RefundState),
            Product = cells.Text(Product),
            Attach = cells.Text(Attach),
            FeeHundredThousandths = cells.Units(Fee, Yuan.HundredThousandths),
            Rate = cells.Text(Rate),
            OrderAmount = cells.Has(OrderAmount) ? cells.Amount(OrderAmount) : settled,
            RequestedRefundAmount = cells.Has(RequestedRefundAmount)
                ? cells.Outgoing(RequestedRefundAmount, refunds)
                : refunded,
            RateNote = cells.Text(RateNote),
            RefundRequestedAt = TimeIfAny(cells, RefundRequestedAt),
            RefundSucceededAt = TimeIfAny(cells, RefundSucceededAt),
        };
    }

    private const TradeState Refund = WeChatPay.TradeState.Refund;

    private static TradeState State(BillCells<TradeBillColumn> cells) => cells.Text(TradeBillColumn.TradeState) switch
    {
        "SUCCESS" => WeChatPay.TradeState.Success,
        "REFUND" => Refund,
        "REVOKED" => WeChatPay.TradeState.Revoked,
        _ => throw cells.Reject(
            BillRejection.BillRowMalformed, TradeBillColumn.TradeState, "SUCCESS, REFUND or REVOKED"),
    };

    private static DateTimeOffset? TimeIfAny(BillCells<TradeBillColumn> cells, TradeBillColumn column) =>
        cells.Number(column) is null ? null : cells.Time(column);
}
