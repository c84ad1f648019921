using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Reports;

/// <summary>Rows of the orders that were not compared for one reason.</summary>
/// <param name="Rows">All of them.</param>
/// <param name="Listed">The first of them, in the file's order; none where nobody asked for them.</param>
public sealed record ReportLeftOut(LeftOutReason Why, long Rows, IReadOnlyList<ReportLine> Listed)
{
    public string Chinese => Why switch
    {
        LeftOutReason.Sum => "合计行、空行、重复表头或页脚",
        LeftOutReason.NotDone => "未完成",
        LeftOutReason.OtherKind => "账单不列其种类",
        LeftOutReason.OtherDay => "其他日期",
        LeftOutReason.OtherMerchant => "其他商户",
        LeftOutReason.RefundElsewhere => RefundsByPayment.Elsewhere,
        _ => "",
    };

    public string English => Why switch
    {
        LeftOutReason.Sum => "sums, empty rows, headings once more, or footers",
        LeftOutReason.NotDone => "not done",
        LeftOutReason.OtherKind => "of a kind that the bill does not list",
        LeftOutReason.OtherDay => "of another day",
        LeftOutReason.OtherMerchant => "of another merchant",
        LeftOutReason.RefundElsewhere => "refunded beside a payment, not in this bill (of another day, or not done)",
        _ => "",
    };

    /// <summary>Where they stand: <c>5, 9, 12, …</c></summary>
    public string Lines(int linesMax)
    {
        var lines = string.Join(
            ", ", Listed.Take(linesMax).Select(line => line.LineNo?.ToString(CultureInfo.InvariantCulture)));
        return Listed.Count > 0 && Rows > linesMax ? $"{lines}, …" : lines;
    }
}
