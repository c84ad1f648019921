using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

using static AlipaySummaryColumn;

/// <summary>What the rows of a business detail (业务明细) sum up to.</summary>
/// <param name="Ordered">订单金额 of payments less that of refunds; null when the detail does not say it of each.</param>
/// <param name="Received">商家实收 of payments less that of refunds.</param>
/// <param name="Charged">服务费 that was charged, less what was given back.</param>
internal sealed record AlipayTradeSum(long Payments, long Refunds, Int128? Ordered, Int128 Received, Int128 Charged)
{
    public static AlipayTradeSum operator +(AlipayTradeSum left, AlipayTradeSum right) => new(
        left.Payments + right.Payments, left.Refunds + right.Refunds, left.Ordered + right.Ordered,
        left.Received + right.Received, left.Charged + right.Charged);
}

/// <summary>What the documents of one file say of a merchant's trades: details (业务明细) and their summary (业务汇总)
/// must agree where the file holds both.</summary>
internal sealed class AlipayTradeSums
{
    // Counts in hundredths, too. As the channel has them, refunds are subtracted and fees are negative.
    private static readonly (AlipaySummaryColumn Column, Func<AlipayTradeSum, Int128?> Sum)[] Compared =
    [
        (Payments, sum => (Int128)sum.Payments * 100), (Refunds, sum => (Int128)sum.Refunds * 100),
        (OrderAmount, sum => sum.Ordered), (Received, sum => sum.Received), (ServiceFee, sum => -sum.Charged),
        // Only details that share nothing are read.
        (Share, _ => 0), (Net, sum => sum.Received - sum.Charged),
    ];

    private readonly List<(string Scope, AlipayTradeSum Sum)> details = [];
    private readonly List<(string Scope, Action<AlipayTradeSum> Check)> summaries = [];

    /// <summary>A detail that was read to its end.</summary>
    public void Detail(string scope, AlipayTradeSum sum) => details.Add((scope, sum));

    /// <summary>A summary at its last row.</summary>
    public void Summary(string scope, BillCells<AlipaySummaryColumn> total)
    {
        foreach (var (column, sumOf) in Compared.Where(compared => total.Has(compared.Column)))
        {
            var (said, rejection) =
                (total.Units(column, Yuan.Fen), total.Rejection(BillRejection.BillTotalsDiffer, column));
            summaries.Add((scope, detail =>
            {
                if (sumOf(detail) is { } sum && !Says(column, said, sum))
                    throw rejection($"{Text(column, sum)} as in the detail");
            }));
        }
    }

    /// <summary>At the end of the file.</summary>
    public void Check()
    {
        foreach (var (scope, check) in summaries)
        {
            // A long detail comes in several parts.
            if (details.Where(detail => detail.Scope == scope).Select(detail => detail.Sum).ToList() is [_, ..] parts)
                check(parts.Aggregate((sum, part) => sum + part));
        }
    }

    // An order that was refunded twice may be counted as one. Some programs write fees without a sign.
    private static bool Says(AlipaySummaryColumn column, long said, Int128 sum) => column switch
    {
        Refunds => said <= sum && said >= Int128.Min(sum, 100),
        ServiceFee => Int128.Abs(said) == Int128.Abs(sum),
        _ => said == sum,
    };

    private static string Text(AlipaySummaryColumn column, Int128 sum) =>
        column is Payments or Refunds ? $"{sum / 100}" : Yuan.Text(sum, Yuan.Fen);
}
