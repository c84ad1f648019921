namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>The sums over a bill's rows, wide enough never to overflow.</summary>
internal sealed class TradeBillTotals
{
    private int rows;
    private Int128 settled, refunded, couponRefunded, fee, ordered, requested;

    public void Add(TradeBillRow row)
    {
        rows++;
        settled += row.SettledAmount.MinorUnits;
        refunded += row.RefundAmount.MinorUnits;
        couponRefunded += row.CouponRefundAmount.MinorUnits;
        fee += row.FeeHundredThousandths;
        ordered += row.OrderAmount.MinorUnits;
        requested += row.RequestedRefundAmount.MinorUnits;
    }

    /// <summary>In the order of <see cref="TradeBillColumns.Totals"/>.</summary>
    public string[] Cells =>
    [
        $"{rows}", Yuan.Text(settled, Yuan.Fen), Yuan.Text(refunded, Yuan.Fen), Yuan.Text(couponRefunded, Yuan.Fen),
        Yuan.Text(fee, Yuan.HundredThousandths), Yuan.Text(ordered, Yuan.Fen), Yuan.Text(requested, Yuan.Fen),
    ];
}
