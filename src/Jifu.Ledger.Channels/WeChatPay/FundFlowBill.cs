using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.WeChatPay;

using static BillRejection;
using static FundFlowColumn;

/// <summary>A fund flow bill (资金账单) while it is read: headings, movements, headings of totals, totals.</summary>
internal sealed class FundFlowBill
{
    /// <summary>The heading by which the bill is known.</summary>
    public const string Mark = "记账时间";

    private static readonly FundFlowColumn[] Required =
        [BookedAt, BusinessNumber, FlowNumber, BusinessType, Direction, Amount, Balance];

    private readonly BillText file;
    private readonly BusinessDay? day;
    private readonly BillHeader<FundFlowColumn> header;
    private readonly OneSign outgoing = new();
    private readonly Int128[] sums = new Int128[Enum.GetValues<FundFlowTotal>().Length];

    /// <summary>Reads the line of headings.</summary>
    public FundFlowBill(BillText file, BusinessDay? day)
    {
        (this.file, this.day) = (file, day);
        header = new(file.Next()!, file, FundFlowColumns.Known, Required);
        Account = FundFlowAccount.Of(file.FileName);
    }

    public string Layout => $"wechatpay fund flow {header.Count} {Account}".TrimEnd();

    /// <summary>Of which account it is; empty for the basic one.</summary>
    public string Account { get; }

    public IEnumerable<FundFlowLine> Rows()
    {
        var line = Below();
        for (; BackQuotedCells.IsRow(line, FundFlowColumns.Totals); line = Below())
            yield return Row(BackQuotedCells.Of(line, file, header));
        CheckTotals(line);
    }

    private string Below() => file.Next() is { } line && !file.LineIsOpen
        ? line
        : throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");

    private FundFlowLine Row(BillCells<FundFlowColumn> cells)
    {
        var at = cells.Time(BookedAt, day);
        var amount = cells.Text(Direction) switch
        {
            "收入" => Counted(FundFlowTotal.RowsIn, FundFlowTotal.AmountIn, cells.Amount(Amount)),
            "支出" => -Counted(FundFlowTotal.RowsOut, FundFlowTotal.AmountOut, cells.Outgoing(Amount, outgoing)),
            _ => throw cells.Reject(BillRowMalformed, Direction, "收入 or 支出"),
        };
        return new(
            at, cells.RequiredNumber(FlowNumber), cells.Text(BusinessNumber), cells.Text(Voucher),
            cells.Text(BusinessType), amount, new(cells.Units(Balance, Yuan.Fen), Currency.CNY), Account,
            cells.Text(Note), file.Line);
    }

    private Money Counted(FundFlowTotal rows, FundFlowTotal amounts, Money amount)
    {
        sums[(int)FundFlowTotal.Rows]++;
        sums[(int)rows]++;
        sums[(int)amounts] += amount.MinorUnits;
        return amount;
    }

    private void CheckTotals(string line)
    {
        if (!BackQuotedCells.IsHeading(line, FundFlowColumns.Totals))
            throw file.Reject(BillRowMalformed, 1, "a row with back-quotes, or the headings of totals");

        var headings = new BillHeader<FundFlowTotal>(
            line, file, FundFlowColumns.KnownTotals, Enum.GetValues<FundFlowTotal>());
        var totals = file.Next() ?? throw file.Reject(BillTruncated, 1, "a line of totals at the bill's end");
        var cells = BackQuotedCells.Of(totals, file, headings);
        foreach (var total in Enum.GetValues<FundFlowTotal>())
            Check(cells, total);
        file.ExpectEnd();
    }

    private void Check(BillCells<FundFlowTotal> cells, FundFlowTotal total)
    {
        var isAmount = total is FundFlowTotal.AmountIn or FundFlowTotal.AmountOut;
        var isNumber = isAmount
            ? Yuan.TryRead(cells.Text(total), Yuan.Fen, out var said)
            : Yuan.TryReadCount(cells.Text(total), out said);
        var sum = sums[(int)total];
        if (!isNumber || Math.Abs(said) != sum)
            throw cells.Reject(BillTotalsDiffer, total, isAmount ? Yuan.Text(sum, Yuan.Fen) : $"{sum}");
    }
}
