using System.Globalization;
using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Writes a trade bill (交易账单) as WeChat Pay does: the ALL layout, UTF-8 with a byte order mark, CRLF, a
/// back-quote before each cell, and a line of totals at the end.</summary>
public static class TradeBillWriter
{
    /// <summary>Writes rows as they come, in that order; the stream stays open.</summary>
    public static void Write(Stream file, IEnumerable<TradeBillRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        using var lines = new StreamWriter(file, new UTF8Encoding(true), 65_536, leaveOpen: true) { NewLine = "\r\n" };
        var totals = new TradeBillTotals();

        lines.WriteLine(string.Join(',', TradeBillColumns.All));
        foreach (var row in rows)
        {
            totals.Add(row);
            BackQuotedCells.Write(lines, Cells(row));
        }

        lines.WriteLine(string.Join(',', TradeBillColumns.Totals));
        BackQuotedCells.Write(lines, [.. Enum.GetValues<TradeBillTotal>().Select(totals.Text)]);
    }

    private static string[] Cells(TradeBillRow row) =>
    [
        row.TradeTime.ToOffset(BusinessDay.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        row.AppId, row.MerchantNumber, row.SubMerchantNumber ?? "0", row.Device, row.TransactionId, row.OutTradeNo,
        row.UserId, row.TradeType, $"{row.TradeState}".ToUpperInvariant(), row.Bank, $"{row.Currency}",
        Text(row.SettledAmount), Text(row.CouponAmount), row.RefundId ?? "0", row.OutRefundNo ?? "0",
        Text(row.RefundAmount), Text(row.CouponRefundAmount), row.RefundType, row.RefundState, row.Product, row.Attach,
        Yuan.Text(row.FeeHundredThousandths, Yuan.HundredThousandths), row.Rate,
        Text(row.OrderAmount), Text(row.RequestedRefundAmount), row.RateNote,
    ];

    private static string Text(Money amount) => Yuan.Text(amount.MinorUnits, Yuan.Fen);
}
