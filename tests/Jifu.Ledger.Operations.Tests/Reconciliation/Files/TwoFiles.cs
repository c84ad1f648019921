using System.Globalization;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>A bill and an order export, made up row by row.</summary>
internal sealed record TwoFiles(IReadOnlyList<TwoFiles.Row> Theirs, IReadOnlyList<TwoFiles.Row> Ours)
{
    public static readonly BusinessDay Day = new(new(2026, 11, 20));

    /// <summary>How an export may write its rows: all means the same.</summary>
    public enum Style
    {
        Plain, Quoted, QuotedWindows, QuotedTwice, Windows, NoLastLineEnd, Spaced, Gbk, GbkQuoted,
    }

    /// <summary>The forms of WeChat Pay's bill: those of today, with and without the times of refunds, that of 2014,
    /// and that which lists no refunds, of 2019 and of today, when its totals do not name them either.</summary>
    public enum Layout
    {
        All, Timed, Old, Success, SuccessOfToday,
    }

    /// <summary>What a row says, on either side.</summary>
    internal sealed record Row(
        BillLineKind Kind, string Number, int Fen, int Fee, int Reference, int Merchant, int Minute, bool Done);

    private static readonly string[] Numbers =
        [.. Enumerable.Range(0, 12).Select(n => $"n{n}"), new('长', 500), new('长', 501), "咖啡, 大杯"];

    public static Gen<Row> Rows =>
        from kind in Gen.Elements(BillLineKind.Payment, BillLineKind.Payment, BillLineKind.Refund, BillLineKind.Revoke)
        from number in Gen.Elements(Numbers)
        from fen in Gen.Choose(1, 3)
        from fee in Gen.Choose(-1, 1)
        from reference in Gen.Elements(0, 0, 0, 0, 0, 0, 1, 1, 2, 3)
        from merchant in Gen.Choose(0, 9)
        from minute in Gen.Elements(-3_000, -5, 5, 600, 1_435)
        from done in Gen.Elements(true, true, true, false)
        select new Row(kind, number, fen * 9_999, fee, reference, merchant / 9, minute, done);

    /// <summary>Two sides that have much in common, little, or nothing at all.</summary>
    public static Gen<TwoFiles> Any =>
        from both in Gen.ListOf(Rows)
        from theirs in Gen.ListOf(Rows)
        from ours in Gen.ListOf(Rows)
        from shape in Gen.Choose(0, 5)
        select shape switch
        {
            0 => new TwoFiles([.. theirs], []),
            1 => new TwoFiles([], [.. ours]),
            2 => new TwoFiles([.. theirs], [.. ours]),
            3 => new TwoFiles([.. both], [.. both]),
            _ => new TwoFiles([.. both, .. theirs], [.. Enumerable.Reverse(both), .. ours]),
        };

    private static OrderMapping Mapping => new()
    {
        Number = "订单号", Kind = "类型", Amount = "金额", Fee = "手续费", Status = "状态", At = "时间",
        Reference = "渠道单号", Merchant = "商户号",
    };

    public static OrderMapping MappingOf(Style style) => Mapping with
    {
        Encoding = style is Style.Gbk or Style.GbkQuoted ? OrderEncoding.Gb18030 : OrderEncoding.Utf8,
    };

    public void Write(string bill, string orders, Style style, Layout layout = Layout.All)
    {
        using (var file = File.Create(bill))
            TradeBillWriter.Write(
                file, Theirs.Where(row => !IsOfPayments(layout) || row.Kind is not BillLineKind.Refund)
                    .Select(BillRow));
        if (layout is not Layout.All)
            File.WriteAllLines(bill, File.ReadLines(bill).Select(line => Laid(line, layout)).ToList());
        var lines = Ours.Select(row => Cells(row).Select(cell => Styled(cell, style))).Select(Joined)
            .Prepend("订单号,类型,金额,手续费,状态,时间,渠道单号,商户号");
        var end = style is Style.Windows or Style.QuotedWindows ? "\r\n" : "\n";
        var text = string.Join(end, lines) + (style is Style.NoLastLineEnd ? "" : end);
        File.WriteAllBytes(orders, OrderFile.EncodingOf(MappingOf(style)).GetBytes(text));
    }

    private static TradeBillRow BillRow(Row row)
    {
        var refund = row.Kind is BillLineKind.Refund;
        var amount = new Money(row.Fen, Currency.CNY);
        return new()
        {
            TradeTime = Day.Start.AddMinutes(Math.Clamp(row.Minute, 0, 1_439)), AppId = "wx1",
            MerchantNumber = $"190{row.Merchant}",
            // One refund's number may be that of another one's payment.
            TransactionId = $"42{(refund ? 1 - (row.Reference / 2) : row.Reference % 2)}",
            OutTradeNo = refund ? "paid" : row.Number, TradeType = "JSAPI", Product = "咖啡, 大杯",
            TradeState = refund ? TradeState.Refund
                : row.Kind is BillLineKind.Revoke ? TradeState.Revoked : TradeState.Success,
            RefundId = refund ? $"42{row.Reference % 2}" : null, OutRefundNo = refund ? row.Number : null,
            SettledAmount = refund ? Money.Zero(Currency.CNY) : amount,
            RefundAmount = refund ? amount : Money.Zero(Currency.CNY),
            RefundState = row.Kind is BillLineKind.Payment ? "" : StateOf(row),
            FeeHundredThousandths = row.Fee * 1_000,
        };
    }

    // A refund under way has left our account, as far as a bill can tell. One in other letters is something else.
    private static string StateOf(Row row) => (row.Done, row.Fen / 9_999) switch
    {
        (true, 1) => "",
        (true, 2) => "SUCCESS",
        (true, _) => "PROCESSING",
        (false, 1) => "FAIL",
        (false, 2) => "PROCESSINg",
        _ => "REFUNDCLOSE",
    };

    private static string[] Cells(Row row) =>
    [
        row.Number, row.Kind switch { BillLineKind.Payment => "支付", BillLineKind.Refund => "退款", _ => "撤销" },
        Yuan(row.Fen), Yuan(row.Fee), row.Done ? "成功" : "关闭",
        Day.Start.AddMinutes(row.Minute).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture),
        row.Reference == 1 ? "" : $"42{(4 - row.Reference) / 2 % 2}", $"190{row.Merchant}",
    ];

    private static string Yuan(int fen) => (fen / 100m).ToString("0.00", CultureInfo.InvariantCulture);

    private static string Styled(string cell, Style style) => style switch
    {
        Style.Quoted or Style.QuotedWindows or Style.GbkQuoted => Quoted(cell),
        Style.QuotedTwice => Quoted(cell.Replace("咖", "\"咖", StringComparison.Ordinal)),
        _ when cell.Contains(',', StringComparison.Ordinal) => $"\"{cell}\"",
        Style.Spaced when cell.Length > 0 => $"\t{cell}",
        _ => cell,
    };

    private static string Quoted(string cell) => $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    // Headings, rows and totals of the layout ALL as those of another one.
    private static string Laid(string line, Layout layout)
    {
        var between = line is ['`', ..] ? ",`" : ",";
        var cells = line.Split(between).ToList();
        if (IsOfPayments(layout) && cells.Count == 27)
        {
            cells.RemoveAt(25);
            cells.RemoveRange(14, 6);
        }
        else if (layout is Layout.SuccessOfToday)
        {
            cells.RemoveAt(6);
            cells.RemoveRange(2, 2);
        }
        else if (layout is Layout.Old)
            cells.RemoveRange(cells.Count == 27 ? 24 : 5, cells.Count == 27 ? 3 : 2);
        else if (layout is Layout.Timed && cells.Count == 27)
            cells.InsertRange(14, cells[9] is "REFUND" ? [cells[0][1..], SucceededAt(cells[0][1..])]
                : line is ['`', ..] ? ["0", ""] : ["退款申请时间", "退款成功时间"]);
        var text = string.Join(between, cells);
        return layout is Layout.Old
            ? text.Replace("应结订单金额", "总金额", StringComparison.Ordinal)
                .Replace("充值券退款金额", "代金券或立减优惠退款金额", StringComparison.Ordinal)
                .Replace("应结订单总金额", "总交易额", StringComparison.Ordinal)
            : text;
    }

    private static bool IsOfPayments(Layout layout) => layout is Layout.Success or Layout.SuccessOfToday;

    // What is asked for late succeeds on the next day.
    private static string SucceededAt(string requestedAt) =>
        requestedAt.Contains(" 23:", StringComparison.Ordinal) ? $"{Day.Next} 00:00:03" : requestedAt;

    private static string Joined(IEnumerable<string> cells) => new StringBuilder().AppendJoin(',', cells).ToString();
}
