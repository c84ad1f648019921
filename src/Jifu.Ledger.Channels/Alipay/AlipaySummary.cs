using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Alipay;

using static BillRejection;

/// <summary>The summary (汇总) of a detail while it is read: sums by store or by type, and below them a row 合计, the sum
/// of those, which must be right. It has no rows of its own to compare.</summary>
/// <param name="of">The column that says what a row is of.</param>
internal sealed class AlipaySummary<TColumn>(
    BillText file, AlipayFrame frame, BillHeader<TColumn> header, TColumn of) where TColumn : struct, Enum
{
    private const string Total = "合计";

    private readonly TColumn[] summed = [.. Enum.GetValues<TColumn>().Where(column => !column.Equals(of))];
    private readonly Dictionary<TColumn, Int128> sums = [];

    /// <summary>Reads to the end; there is nothing to return.</summary>
    /// <param name="said">Is given the row 合计.</param>
    public IEnumerable<BillLine> Rows(Action<BillCells<TColumn>>? said = null)
    {
        var cells = new AnchoredCells<TColumn>(file, header);
        var ended = false;
        foreach (var line in frame.Rows())
        {
            var row = cells.Of(line);
            if (ended)
                throw row.Reject(BillDataAfterSummary, of, "nothing below the row 合计");
            ended = row.Text(of) == Total;
            foreach (var column in summed)
                Add(row, column, ended);
            if (ended)
                said?.Invoke(row);
        }

        if (!ended)
            throw file.Reject(BillTruncated, 1, "a row 合计 above");
        foreach (var _ in frame.Foot())
        {
        }

        yield break;
    }

    private void Add(BillCells<TColumn> row, TColumn column, bool isTotal)
    {
        var (units, sum) = (row.Units(column, Yuan.Fen), sums.GetValueOrDefault(column));
        if (isTotal && sum != units)
            throw row.Reject(BillTotalsDiffer, column, Yuan.Text(sum, Yuan.Fen));
        sums[column] = sum + units;
    }
}
