using Dapper;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>One thing that happened on a day, as the channel bills it.</summary>
/// <param name="RefundNo">Of a refund only.</param>
/// <param name="RefundReference">Of a refund only.</param>
/// <param name="Amount">In fen, positive whichever way the money goes.</param>
/// <param name="Fee">In fen; negative where the channel gives it back.</param>
/// <param name="IsRevoked">Its payment was revoked, on the same day.</param>
internal sealed record BillRow(
    string Kind, string PaymentId, string Reference, string? RefundNo, string? RefundReference, DateTime At,
    long Amount, long Fee, string Product, string Description, string? PayerId, bool IsRevoked)
{
    public string Key => $"{Kind}:{RefundNo ?? PaymentId}";

    public DateTimeOffset Time => At;

    public Money Money => new(Amount, Currency.CNY);

    /// <summary>What the channel owes us for it, in fen.</summary>
    public long Net => (Kind == "payment" ? Amount : -Amount) - Fee;

    public TradeBillRow ToTradeBill(string merchantNumber) => new()
    {
        TradeTime = At,
        AppId = "wxsandbox",
        MerchantNumber = merchantNumber,
        TransactionId = Reference,
        OutTradeNo = PaymentId,
        UserId = PayerId ?? "",
        TradeType = Product.ToUpperInvariant(),
        TradeState = Kind switch
        {
            "payment" => TradeState.Success,
            "refund" => TradeState.Refund,
            _ => TradeState.Revoked,
        },
        SettledAmount = Kind == "payment" ? Money : Money.Zero(Currency.CNY),
        OrderAmount = Kind == "payment" ? Money : Money.Zero(Currency.CNY),
        RefundId = RefundReference,
        OutRefundNo = RefundNo,
        RefundAmount = Kind == "payment" ? Money.Zero(Currency.CNY) : Money,
        RequestedRefundAmount = Kind == "payment" ? Money.Zero(Currency.CNY) : Money,
        RefundType = Kind == "refund" ? "ORIGINAL" : "",
        RefundState = Kind == "refund" ? "SUCCESS" : "",
        Product = Description,
        FeeHundredThousandths = Fee * 1_000,
        Rate = "0.38%",
    };

    /// <summary>All that truly happened on a day, in the order in which it happened.</summary>
    public static async Task<List<BillRow>> Of(SandboxMoment moment, BusinessDay day) =>
        (await moment.Connection.QueryAsync<BillRow>(
            """
            SELECT 'payment' AS Kind, payment_id AS PaymentId, reference, NULL AS RefundNo, NULL AS RefundReference,
                paid_at AS At, amount, cost AS Fee, product, description, payer_id AS PayerId,
                revoked_at IS NOT NULL AS IsRevoked
            FROM sandbox.payment WHERE paid_at >= @From AND paid_at < @Until
            UNION ALL
            SELECT 'revoke', payment_id, reference, NULL, NULL,
                revoked_at, amount, -cost, product, description, payer_id, true
            FROM sandbox.payment WHERE revoked_at >= @From AND revoked_at < @Until
            UNION ALL
            SELECT 'refund', p.payment_id, p.reference, r.refund_no, r.reference,
                r.refunded_at, r.amount, -r.cost_returned, p.product, p.description, p.payer_id, false
            FROM sandbox.refund r JOIN sandbox.payment p USING (payment_id)
            WHERE r.refunded_at >= @From AND r.refunded_at < @Until
            ORDER BY 6, 3, 5
            """,
            new { From = day.Start.UtcDateTime, Until = day.Next.Start.UtcDateTime })).AsList();
}
