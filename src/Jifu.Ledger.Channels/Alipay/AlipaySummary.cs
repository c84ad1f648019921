using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Alipay;

using static AlipaySummaryColumn;
using static BillRejection;

/// <summary>The summary (业务汇总) of a business detail while it is read: sums by store, and the sum of those, which must
/// be right. It has no rows of its own to compare.</summary>
internal sealed class AlipaySummary
{
    private const string Total = "合计";

    private static readonly AlipaySummaryColumn[] Required = [Store, Payments, Refunds, Received, Net];

    private readonly BillText file;
    private readonly AlipayFrame frame;
    private readonly BillHeader<AlipaySummaryColumn> header;
    private readonly Int128[] sums = new Int128[Enum.GetValues<AlipaySummaryColumn>().Length];

    /// <summary>Reads up to the line of headings.</summary>
    public AlipaySummary(BillText file, BillExpectation expected)
    {
        (this.file, frame) = (file, new(file, expected));
        header = new(frame.Headings, file, AlipayColumns.Summary, Required);
    }

    public string Layout => $"alipay summary {header.Count}";

    /// <summary>Reads to the end; there is nothing to return.</summary>
    public IEnumerable<BillLine> Rows()
    {
        var cells = new AnchoredCells<AlipaySummaryColumn>(file, header);
        var ended = false;
        foreach (var line in frame.Rows())
        {
            var row = cells.Of(line);
            if (ended)
                throw row.Reject(BillDataAfterSummary, Store, "nothing below the row 合计");
            ended = row.Text(Store) == Total;
            foreach (var column in Enum.GetValues<AlipaySummaryColumn>().Where(column => column != Store))
                Add(row, column, ended);
        }

        if (!ended)
            throw file.Reject(BillTruncated, 1, "a row 合计 above");
        foreach (var _ in frame.Foot())
        {
        }

        yield break;
    }

    private void Add(BillCells<AlipaySummaryColumn> row, AlipaySummaryColumn column, bool isTotal)
    {
        var units = row.Units(column, Yuan.Fen);
        if (isTotal && sums[(int)column] != units)
            throw row.Reject(BillTotalsDiffer, column, Yuan.Text(sums[(int)column], Yuan.Fen));
        sums[(int)column] += units;
    }
}
