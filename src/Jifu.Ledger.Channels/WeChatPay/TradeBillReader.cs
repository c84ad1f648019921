using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Reads a trade bill (交易账单) by the names of its columns: the ALL, SUCCESS and REFUND bills of WeChat Pay, as
/// they are and as they were; unknown columns are passed over.</summary>
/// <remarks>
/// A bill is good as a whole or not at all, and only its last line tells. So read it twice: <see cref="Check"/> first,
/// which throws for a bill that may not be used, then <see cref="Rows"/>. Both take one line at a time and leave the
/// stream open.
/// </remarks>
public static class TradeBillReader
{
    /// <summary>Reads the whole bill and checks it against its own totals.</summary>
    /// <param name="day">The day that each row must belong to; null for any.</param>
    /// <param name="merchantNumber">The merchant number (商户号) of each row; null for any.</param>
    /// <exception cref="BillRejectedException">It may not be used.</exception>
    public static BillSummary Check(
        Stream file, string fileName, BusinessDay? day = null, string? merchantNumber = null)
    {
        var bill = new TradeBill(new(file, fileName), day, merchantNumber);
        foreach (var _ in bill.Rows())
        {
        }

        return BillSummary.Of(bill.Totals);
    }

    /// <summary>The rows in the bill's order with their line numbers, as they are read; the totals are checked after
    /// the last.</summary>
    /// <inheritdoc cref="Check"/>
    public static IEnumerable<(int Line, TradeBillRow Row)> Rows(
        Stream file, string fileName, BusinessDay? day = null, string? merchantNumber = null) =>
        new TradeBill(new(file, fileName), day, merchantNumber).Rows();
}
