using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>UnionPay's file of corrections (差错, ZME) while it is read.</summary>
/// <remarks>Only the fields whose meaning is known are read, up to the amount: what was corrected and by how much, and
/// neither which way the money goes nor of which order. So a row is a difference for people, without money in it.
/// </remarks>
internal sealed class ZmeBill(BillText file, BillExpectation expected)
{
    private const int Code = 1, TraceNumber = 4, Time = 5, Amount = 7;

    private readonly FixedFields row = new(file, FixedLayout.Zme);
    private readonly BusinessDay near = ZmName.DayOf(file, expected);

    public IEnumerable<BillLine> Rows()
    {
        while (row.Read())
        {
            var (code, trace) = (row.Text(Code), row.Required(TraceNumber, "a trace number"));
            yield return new(
                BillLineKind.None, $"{code}.{row.Text(Time)}.{trace}", "", new(row.Fen(Amount), Currency.CNY),
                Money.Zero(Currency.CNY), code, row.Time(Time, near), row.Line);
        }
    }
}
