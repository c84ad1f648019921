using System.Text;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows found again, of which each cell that is asked for here has been checked before.</summary>
internal sealed partial class BillScan
{
    /// <summary>The rows that may have one of the keys, in no order.</summary>
    public List<BillLine> Lines(ScanWork work, KeyFilter keys)
    {
        var lines = new List<BillLine>();
        Reread(work, keys, (cells, at) => lines.Add(RowOf(cells).ToBillLine(at, request.Day)));
        return lines;
    }

    protected override int FindCells(ScanWork work, int length)
    {
        var found = ByteMarks.Find(ref work.Text, length, ref work.Marks[0], Marks);
        return found.Marks == found.Lines * (columns.Count + 1) && !found.IsOdd ? found.Lines : -1;
    }

    protected override RowCells CellsOf(ScanWork work, int row) =>
        new(ref work.Text, ref work.Marks[row * (columns.Count + 1)], 1);

    // What no line tells is not read.
    private TradeBillRow RowOf(RowCells cells)
    {
        var settled = Fen(cells[columns.Settled]);
        var refunded = columns.RefundAmount < 0 ? Money.Zero(Currency.CNY) : Fen(cells[columns.RefundAmount]);
        return new()
        {
            TradeTime = Time(cells[columns.Time]) ?? default,
            AppId = "",
            MerchantNumber = Text(cells[columns.Merchant]),
            SubMerchantNumber = Number(cells.IfAny(columns.SubMerchant)),
            TransactionId = Text(cells[columns.Transaction]),
            OutTradeNo = Text(cells[columns.Order]),
            TradeType = "",
            TradeState = KindOf(cells[columns.State]) switch
            {
                BillLineKind.Payment => TradeState.Success,
                BillLineKind.Refund => TradeState.Refund,
                _ => TradeState.Revoked,
            },
            SettledAmount = settled,
            RefundId = Number(cells.IfAny(columns.Refund)),
            OutRefundNo = Number(cells.IfAny(columns.RefundNumber)),
            RefundAmount = refunded,
            RefundState = Text(cells.IfAny(columns.RefundState)),
            FeeHundredThousandths = Units(cells[columns.Fee], Yuan.HundredThousandths),
            OrderAmount = columns.Ordered < 0 ? settled : Fen(cells[columns.Ordered]),
            RequestedRefundAmount = columns.RequestedRefund < 0 ? refunded : Fen(cells[columns.RequestedRefund]),
            RefundRequestedAt = Time(cells.IfAny(columns.RefundRequestedAt)),
            RefundSucceededAt = Time(cells.IfAny(columns.RefundSucceededAt)),
        };
    }

    private static string Text(ByteCell cell) => Encoding.UTF8.GetString(cell.Text);

    private static string? Number(ByteCell cell) => cell.IsNumber ? Text(cell) : null;

    private static Money Fen(ByteCell cell) => new(Units(cell, Yuan.Fen), Currency.CNY);

    private static long Units(ByteCell cell, int decimals) =>
        ByteText.TryRead(cell.Text, decimals, ByteText.RowDigitsMax, out var units) ? units : 0;

    private static DateTimeOffset? Time(ByteCell cell)
    {
        Span<char> text = stackalloc char[ByteText.TimeLength];
        return cell.Length == ByteText.TimeLength && Encoding.UTF8.TryGetChars(cell.Text, text, out var length)
            && BillTime.TryRead(text[..length], out var time) ? new(time, BusinessDay.Offset) : null;
    }
}
