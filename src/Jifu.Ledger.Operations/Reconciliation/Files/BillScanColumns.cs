using System.Runtime.CompilerServices;
using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

using static TradeBillColumn;

/// <summary>Where a trade bill of WeChat Pay, of whichever layout, has its columns, by their headings.</summary>
internal sealed class BillScanColumns
{
    // By column; -1 for one that the bill does not have.
    private readonly int[] places;

    private BillScanColumns(int[] places, int count)
    {
        (this.places, Count) = (places, count);
        (Time, Merchant, SubMerchant) = (Place(TradeTime), Place(MerchantNumber), Place(SubMerchantNumber));
        (Transaction, Order) = (Place(TransactionId), Place(OutTradeNo));
        (State, Currency) = (Place(TradeState), Place(TradeBillColumn.Currency));
        (Settled, Coupon, Ordered) = (Place(SettledAmount), Place(CouponAmount), Place(TradeBillColumn.OrderAmount));
        (Refund, RefundNumber) = (Place(RefundId), Place(OutRefundNo));
        (RefundAmount, CouponRefund) = (Place(TradeBillColumn.RefundAmount), Place(CouponRefundAmount));
        (RequestedRefund, RefundState) = (Place(RequestedRefundAmount), Place(TradeBillColumn.RefundState));
        (RefundRequestedAt, RefundSucceededAt) =
            (Place(TradeBillColumn.RefundRequestedAt), Place(TradeBillColumn.RefundSucceededAt));
        Fee = Place(TradeBillColumn.Fee);
        Numbers = [Merchant, SubMerchant, Transaction, Order, Refund, RefundNumber];
    }

    public int Count { get; }

    // -1 for a column that the bill does not have.
    public int Time { get; }
    public int Merchant { get; }
    public int SubMerchant { get; }
    public int Transaction { get; }
    public int Order { get; }
    public int State { get; }
    public int Currency { get; }
    public int Settled { get; }
    public int Coupon { get; }
    public int Ordered { get; }
    public int Refund { get; }
    public int RefundNumber { get; }
    public int RefundAmount { get; }
    public int CouponRefund { get; }
    public int RequestedRefund { get; }
    public int RefundState { get; }
    public int RefundRequestedAt { get; }
    public int RefundSucceededAt { get; }
    public int Fee { get; }

    public bool HasRefundTimes
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => RefundRequestedAt >= 0 || RefundSucceededAt >= 0;
    }

    /// <summary>As <see cref="TradeBill.Coverage"/> has it.</summary>
    public bool ListsAll => TradeBill.FormOf(Refund >= 0, RefundRequestedAt >= 0).Coverage is BillCoverage.All;

    /// <summary>The places of the columns that hold numbers, where the bill has them.</summary>
    public int[] Numbers { get; }

    /// <summary>Null when the careful reader would refuse the line, or when the last column, whose cells end otherwise
    /// than others, is one of those that are read.</summary>
    public static BillScanColumns? TryRead(ReadOnlySpan<byte> line)
    {
        if (line is [0xEF, 0xBB, 0xBF, ..])
            line = line[3..];
        line = line is [.., (byte)'\r', (byte)'\n'] ? line[..^2] : line is [.., (byte)'\n'] ? line[..^1] : line;
        var text = Encoding.UTF8.GetString(line);
        if (!BillText.IsText(text))
            return null;
        var headings = text.Split(',');
        var places = new int[(int)TradeBillColumn.RefundSucceededAt + 1];
        Array.Fill(places, -1);
        for (var place = 0; place < headings.Length; place++)
        {
            if (!TradeBillColumns.Known.TryGetValue(headings[place], out var column))
                continue;
            if (places[(int)column] >= 0)
                return null;
            places[(int)column] = place;
        }

        var columns = new BillScanColumns(places, headings.Length);
        return columns.HasRequired && !columns.Reads(headings.Length - 1) ? columns : null;
    }

    private bool HasRequired => Time >= 0 && Merchant >= 0 && Transaction >= 0 && Order >= 0 && State >= 0
        && Currency >= 0 && Settled >= 0 && Fee >= 0
        // A bill knows refunds, or it does not.
        && (Refund >= 0) == (RefundNumber >= 0) && (Refund >= 0) == (RefundAmount >= 0);

    private int Place(TradeBillColumn column) => places[(int)column];

    private bool Reads(int place) => (TradeBillColumn)Array.IndexOf(places, place) is not ((TradeBillColumn)(-1)
        or AppId or Device or UserId or TradeType or Bank or RefundType or Product or Attach or Rate or RateNote);
}
