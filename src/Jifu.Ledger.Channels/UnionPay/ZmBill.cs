using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.UnionPay;

using static BillRejection;

/// <summary>UnionPay's file of transactions (ZM) while it is read.</summary>
/// <remarks>It holds no sums of its own; each row must be right in itself.</remarks>
internal sealed class ZmBill(BillText file, BillExpectation expected)
{
    private const int Time = 5, Amount = 7, QueryId = 10, OrderNumber = 12, Settled = 17, Type = 20,
        OriginalQueryId = 27, Merchant = 28, SubMerchant = 30, Net = 33;

    // UnionPay's day ends in the evening.
    private static readonly TimeSpan EarlierMax = LedgerDay.MarginOf(Channel.UnionPay);

    private readonly FixedFields row = new(file, FixedLayout.Zm);
    private readonly ZmSigns settledSigns = new(), netSigns = new();

    /// <summary>Of which day it is; its first rows may be of the evening before.</summary>
    public BusinessDay Day { get; } = ZmName.DayOf(file, expected);

    public IEnumerable<BillLine> Rows()
    {
        while (row.Read())
            yield return Row();
    }

    private BillLine Row()
    {
        var kind = row.Text(Type) switch
        {
            "01" or "03" or "11" => BillLineKind.Payment,
            "04" => BillLineKind.Refund,
            "31" or "33" => BillLineKind.Revoke,
            _ => throw row.Reject(BillRowMalformed, Type, "01, 03, 04, 11, 31 or 33"),
        };
        var merchant = row.Required(Merchant, "a merchant number");
        var subMerchant = row.Text(SubMerchant);
        if (expected.Merchant is { } ours && merchant != ours && subMerchant != ours)
            throw row.Reject(BillMerchantDiffers, Merchant, ours);

        CheckSigns(kind);
        var amount = row.Fen(Amount);
        var settlement = ZmSettlement.Of(row, amount);
        var isPayment = kind is BillLineKind.Payment;
        return new(
            kind, row.Required(OrderNumber, "an order number"), row.Required(QueryId, "a query number"),
            Cny(settlement.Amount), Cny(isPayment ? -settlement.Effect : settlement.Effect), null, At(), row.Line,
            subMerchant.Length > 0 ? subMerchant : merchant, "", row.Text(OriginalQueryId),
            isPayment && settlement.Amount != amount ? Cny(amount) : null,
            settlement.Paid == settlement.Amount + settlement.Effect
                ? null
                : Cny(isPayment ? settlement.Paid : -settlement.Paid),
            settlement.Given == 0 ? null : Cny(isPayment ? settlement.Given : -settlement.Given));
    }

    private DateTimeOffset At()
    {
        var at = row.Time(Time, Day);
        return expected.Day is not { } day || (at >= day.Start - EarlierMax && at < day.Next.Start)
            ? at
            : throw row.Reject(BillDayDiffers, Time, $"{day}");
    }

    // Which letter stands before what comes in nobody has told us; but it must be the same in every row.
    private void CheckSigns(BillLineKind kind)
    {
        if (!settledSigns.Fits(kind, row.Signed(Settled)))
            throw row.Reject(BillSignsDiffer, Settled, "the same letter as in the rows above");
        if (!netSigns.Fits(kind, row.Signed(Net)))
            throw row.Reject(BillSignsDiffer, Net, "the same letter as in the rows above");
    }

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
