using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.UnionPay;

using static BillRejection;

/// <summary>UnionPay's file of transactions (ZM) while it is read.</summary>
/// <remarks>It holds no sums of its own; each row must be right in itself.</remarks>
internal sealed class ZmBill(BillText file, BillExpectation expected)
{
    private const int Time = 5, Amount = 7, QueryId = 10, OrderNumber = 12, Fee = 16, Settled = 17, Type = 20,
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

        var amount = row.Fen(Amount);
        return new(
            kind, row.Required(OrderNumber, "an order number"), row.Required(QueryId, "a query number"), Cny(amount),
            FeeOf(kind, amount), null, At(), row.Line, subMerchant.Length > 0 ? subMerchant : merchant, "",
            row.Text(OriginalQueryId));
    }

    private DateTimeOffset At()
    {
        var at = row.Time(Time, Day);
        return expected.Day is not { } day || (at >= day.Start - EarlierMax && at < day.Next.Start)
            ? at
            : throw row.Reject(BillDayDiffers, Time, $"{day}");
    }

    // Whether the letter before a fee means that it is charged or given back nobody has told us. What is settled does:
    // it is the amount less the fee, or with it.
    private Money FeeOf(BillLineKind kind, long amount)
    {
        var (fee, settled, net) = (row.Signed(Fee).Fen, row.Signed(Settled), row.Signed(Net));
        if (!settledSigns.Fits(kind, settled))
            throw row.Reject(BillSignsDiffer, Settled, "the same letter as in the rows above");
        if (!netSigns.Fits(kind, net))
            throw row.Reject(BillSignsDiffer, Net, "the same letter as in the rows above");
        if (fee == 0 && settled.Fen == 0 && net.Fen == 0)
            return Cny(0);

        bool Says(long sum) => settled.Fen == sum || net.Fen == sum;
        var (less, more) = (Says(amount - fee), Says(amount + fee));
        if (fee == 0 ? !less : less == more)
            throw row.Reject(BillAmountMalformed, Settled, $"{amount} less the fee of {fee}, or with it");
        return Cny((kind is BillLineKind.Payment ? less : more) ? fee : -fee);
    }

    private static Money Cny(long fen) => new(fen, Currency.CNY);
}
