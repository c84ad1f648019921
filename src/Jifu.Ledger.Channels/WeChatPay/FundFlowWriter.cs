using System.Globalization;
using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>Writes a fund flow (资金账单) as WeChat Pay does: eleven columns, UTF-8 with a byte order mark, CRLF, a
/// back-quote before each cell, and a line of totals at the end.</summary>
public static class FundFlowWriter
{
    /// <summary>Writes movements as they come, in that order; the stream stays open.</summary>
    /// <param name="account">Who moved the money, as the bill names them (资金变更提交申请人).</param>
    public static void Write(Stream file, IEnumerable<FundFlowLine> movements, string account)
    {
        ArgumentNullException.ThrowIfNull(movements);
        using var lines = new StreamWriter(file, new UTF8Encoding(true), 65_536, leaveOpen: true) { NewLine = "\r\n" };
        var (rowsIn, rowsOut, moneyIn, moneyOut) = (0, 0, (Int128)0, (Int128)0);

        lines.WriteLine(string.Join(',', FundFlowColumns.All));
        foreach (var one in movements)
        {
            var fen = one.Amount.MinorUnits;
            if (fen < 0)
                (rowsOut, moneyOut) = (rowsOut + 1, moneyOut - fen);
            else
                (rowsIn, moneyIn) = (rowsIn + 1, moneyIn + fen);
            BackQuotedCells.Write(lines,
            [
                one.At.ToOffset(BusinessDay.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
                one.Reference, one.Number, one.Business, one.Business, fen < 0 ? "支出" : "收入",
                Text(Int128.Abs(fen)), Text(one.Balance?.MinorUnits ?? 0), account, one.Note, one.OrderNumber,
            ]);
        }

        lines.WriteLine(string.Join(',', FundFlowColumns.AllTotals));
        BackQuotedCells.Write(
            lines, [$"{rowsIn + rowsOut}", $"{rowsIn}", Text(moneyIn), $"{rowsOut}", Text(moneyOut)]);
    }

    private static string Text(Int128 fen) => Yuan.Text(fen, Yuan.Fen);
}
