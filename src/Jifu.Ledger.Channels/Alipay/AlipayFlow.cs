using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Alipay;

using static AlipayFlowColumn;
using static BillRejection;

/// <summary>The account detail (账务明细) while it is read: every movement of the account, whichever the order of its
/// columns.</summary>
internal sealed class AlipayFlow
{
    private static readonly AlipayFlowColumn[] Required =
        [FlowNumber, BusinessNumber, OutTradeNo, At, Income, Expense, Balance, BusinessType];

    private readonly BillText file;
    private readonly BillExpectation expected;
    private readonly AlipaySums sums;
    private readonly AlipayFrame frame;
    private readonly BillHeader<AlipayFlowColumn> header;
    private readonly AlipayTotals income = new("收入合计", "共"), expense = new("支出合计", "共");
    private readonly OneSign outgoing = new();

    /// <summary>Reads up to the line of headings.</summary>
    public AlipayFlow(BillText file, BillExpectation expected, AlipaySums sums)
    {
        (this.file, this.expected, this.sums, frame) = (file, expected, sums, new(file, expected));
        header = new(frame.Headings, file, AlipayColumns.Flow, Required);
    }

    /// <summary>Which part of a longer detail it is; null where nothing says that it is one.</summary>
    public BillPart? Part => AlipayParts.PartOf(file, frame);

    public string Layout => $"alipay account detail {header.Count}";

    public IEnumerable<FundFlowLine> Rows()
    {
        var cells = new AnchoredCells<AlipayFlowColumn>(file, header);
        var rows = sums.Parts.Watched(
            file, Part, frame.Rows(line => Row(cells.Of(line)), income, expense), row => row.Number, income, expense);
        foreach (var row in rows)
            yield return row;
        sums.Flow.Detail(frame.Scope, income, expense);
    }

    private FundFlowLine Row(BillCells<AlipayFlowColumn> cells) => new(
        cells.Time(At, expected.Day), cells.RequiredNumber(FlowNumber), cells.Text(BusinessNumber),
        cells.Text(OutTradeNo), cells.Text(BusinessType), Moved(cells),
        new(cells.Units(Balance, Yuan.Fen), Currency.CNY), frame.Account, cells.Text(Remark), file.Line);

    private Money Moved(BillCells<AlipayFlowColumn> cells)
    {
        var comes = cells.Text(Income).Length == 0 ? Money.Zero(Currency.CNY) : cells.Amount(Income);
        var goes = cells.Text(Expense).Length == 0 ? Money.Zero(Currency.CNY) : cells.Outgoing(Expense, outgoing);
        switch (comes.IsZero, goes.IsZero)
        {
            case (false, false):
                throw cells.Reject(BillRowMalformed, Expense, "an income or an expenditure, not both");
            case (true, true):
                income.CountZero();
                expense.CountZero();
                break;
            case (false, true):
                income.Counted(comes);
                break;
            default:
                expense.Counted(goes);
                break;
        }

        return comes - goes;
    }
}
