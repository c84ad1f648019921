using Jifu.Ledger.Channels.Bills;
using static Jifu.Ledger.Channels.WeChatPay.TradeBillTotal;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>The sums over a bill's rows, wide enough never to overflow.</summary>
internal sealed class TradeBillTotals
{
    private static readonly TradeBillTotal[] Always = [Rows, Settled, Fee], OfRefunds = [Rows, Settled, Refunded, Fee];

    private readonly Int128[] sums = new Int128[TradeBillColumns.Totals.Length];

    /// <param name="sums">In the order of <see cref="TradeBillTotal"/>; none to begin with nothing.</param>
    public TradeBillTotals(params ReadOnlySpan<Int128> sums) => sums.CopyTo(this.sums);

    /// <summary>Those that a bill must say. Where it has no columns of refunds, their totals may be missing, too: those
    /// of 2019 say them, today's do not.</summary>
    public static TradeBillTotal[] RequiredOf(bool hasRefunds) => hasRefunds ? OfRefunds : Always;

    public Int128 this[TradeBillTotal total] => sums[(int)total];

    public void Add(TradeBillRow row)
    {
        sums[(int)Rows]++;
        sums[(int)Settled] += row.SettledAmount.MinorUnits;
        sums[(int)Refunded] += row.RefundAmount.MinorUnits;
        sums[(int)CouponRefunded] += row.CouponRefundAmount.MinorUnits;
        sums[(int)Fee] += row.FeeHundredThousandths;
        sums[(int)Ordered] += row.OrderAmount.MinorUnits;
        sums[(int)RequestedRefund] += row.RequestedRefundAmount.MinorUnits;
    }

    /// <summary>A sum as the bill writes it.</summary>
    public string Text(TradeBillTotal total) => total switch
    {
        Rows => $"{this[Rows]}",
        Fee => Yuan.Text(this[Fee], Yuan.HundredThousandths),
        _ => Yuan.Text(this[total], Yuan.Fen),
    };

    /// <summary>True when a cell of the bill's last line says this sum: the fees' may be rounded to fen, that of
    /// refunds written with a minus.</summary>
    public bool IsSaidBy(string cell, TradeBillTotal total) => total switch
    {
        Rows => Yuan.TryReadCount(cell, out var rows) && rows == this[Rows],
        Refunded or CouponRefunded or RequestedRefund =>
            Yuan.TryRead(cell, Yuan.Fen, out var units) && Math.Abs(units) == this[total],
        Fee => Yuan.TryRead(cell, Yuan.HundredThousandths, out var units)
            && (units == this[Fee] || (units % 1_000 == 0 && Int128.Abs(units - this[Fee]) <= 500)),
        _ => Yuan.TryRead(cell, Yuan.Fen, out var units) && units == this[total],
    };
}
