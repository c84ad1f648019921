using System.Globalization;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

using static AlipayFlowSummaryColumn;

/// <summary>What the documents of one file say of an account's movements: details (账务明细) and their summary
/// (账务汇总) must agree where the file holds both.</summary>
internal sealed class AlipayFlowSums
{
    private readonly List<(string Scope, AlipayTotals Income, AlipayTotals Expense)> details = [];
    private readonly List<Action> summaries = [];

    /// <summary>A detail that was read to its end.</summary>
    public void Detail(string scope, AlipayTotals income, AlipayTotals expense) =>
        details.Add((scope, income, expense));

    /// <summary>A summary at its last row.</summary>
    public void Summary(string scope, BillText file, BillCells<AlipayFlowSummaryColumn> total)
    {
        var (name, line) = (file.FileName, file.Line);
        foreach (var (rows, amount) in new[] { (IncomeRows, Income), (ExpenseRows, Expense) })
        {
            var said = (Rows: total.Units(rows, Yuan.Fen) / 100, Fen: Math.Abs(total.Units(amount, Yuan.Fen)));
            summaries.Add(() => Check(scope, said, amount, name, line));
        }
    }

    /// <summary>At the end of the file.</summary>
    public void Check() => summaries.ForEach(check => check());

    private void Check(string scope, (long Rows, long Fen) said, AlipayFlowSummaryColumn amount, string name, int line)
    {
        var of = details.Where(detail => detail.Scope == scope)
            .Select(detail => amount is Income ? detail.Income : detail.Expense).ToList();
        if (of.Count == 0)
            return;
        var (rows, fen) = (of.Sum(each => each.Rows), of.Aggregate((Int128)0, (sum, each) => sum + each.Fen));
        if (fen == said.Fen && said.Rows >= rows && said.Rows <= rows + of.Sum(each => each.Zeros))
            return;
        throw new BillRejectedException(
            BillRejection.BillTotalsDiffer, name, line, 1,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{rows} rows of {Yuan.Text(fen, Yuan.Fen)} as in the detail ({SnakeCase.Of($"{amount}")}), ")
                + $"not {said.Rows} of {Yuan.Text(said.Fen, Yuan.Fen)}");
    }
}
