using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>UnionPay's file of corrections (差错, ZME) while it is read.</summary>
/// <remarks>Only the fields whose meaning is known are read, up to the amount. A row says that there is a correction;
/// it is never compared by itself.</remarks>
internal sealed class ZmeBill(BillText file, BillExpectation expected)
{
    private const int Code = 1, TraceNumber = 4, Time = 5, Amount = 7;

    private readonly FixedFields row = new(file, FixedLayout.Zme);
    private readonly BusinessDay near = ZmName.DayOf(file, expected);

    public IEnumerable<BillLine> Rows()
    {
        while (row.Read())
        {
            yield return new(
                BillLineKind.None, row.Required(TraceNumber, "a trace number"), "", new(row.Fen(Amount), Currency.CNY),
                Money.Zero(Currency.CNY), row.Text(Code), row.Time(Time, near), row.Line);
        }
    }
}
