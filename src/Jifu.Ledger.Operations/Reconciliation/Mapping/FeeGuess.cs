using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the column of fees, and with which sign it writes them: they are compared with their sign.</summary>
internal sealed class FeeGuess(ColumnGuess columns)
{
    /// <summary>Whether charged fees have a minus sign there, and given back ones none.</summary>
    private readonly record struct Signs(bool NegativePayments, bool PositiveRefunds);

    private Signs _found;

    public int? Find() => columns.Optional(
        "fee", HeadingWords.Fee, column => CellForms.AreAmounts(columns.Orders, column),
        column => (Hits(column, SignsOf(column)), columns.Matched, "agrees with the bill"),
        proven: IsFeeOfTheBill, besides: column => Said(_found = SignsOf(column)));

    public OrderMapping Fill(OrderMapping mapping) => mapping.Fee is null ? mapping : mapping with
    {
        NegativeFees = _found.NegativePayments, PositiveRefundFees = _found.PositiveRefunds,
    };

    private static string Said(Signs signs)
    {
        string[] said =
        [
            .. signs.NegativePayments ? ["payments' have a minus sign"] : Array.Empty<string>(),
            .. signs.PositiveRefunds ? ["refunds' have none"] : Array.Empty<string>(),
        ];
        return said.Length == 0 ? "" : $"; {string.Join(", ", said)}";
    }

    // The sign that more rows have. Without any, refunds are written as payments are: both turned, or none.
    private Signs SignsOf(int column)
    {
        var payments = Turned(column, isPayment: true);
        var refunds = Turned(column, isPayment: false);
        return new(payments > 0, refunds == 0 ? payments > 0 : refunds > 0);
    }

    // How many more rows have the other sign than the bill's.
    private int Turned(int column, bool isPayment) => columns.Rows()
        .Where(row => !row.Line.Fee.IsZero && row.Line.Kind is BillLineKind.Payment == isPayment)
        .Sum(row => !TryRead(row.Cells[column], out var minor) ? 0
            : minor == -row.Line.Fee.MinorUnits ? 1 : minor == row.Line.Fee.MinorUnits ? -1 : 0);

    private int Hits(int column, Signs signs) =>
        columns.Rows().Count(row => Agrees(row.Cells[column], row.Line, signs));

    // Many columns are zero where fees are, too: no chance is what is charged.
    private bool IsFeeOfTheBill(int column)
    {
        var signs = SignsOf(column);
        return Hits(column, signs) >= columns.Matched * 0.9
            && columns.Rows().Count(row => !row.Line.Fee.IsZero && Agrees(row.Cells[column], row.Line, signs)) > 1;
    }

    private bool Agrees(string cell, BillLine line, Signs signs)
    {
        var turned = line.Kind is BillLineKind.Payment ? signs.NegativePayments : signs.PositiveRefunds;
        return TryRead(cell, out var minor) && (turned ? -minor : minor) == line.Fee.MinorUnits;
    }

    private bool TryRead(string cell, out long minor) =>
        OrderAmount.TryRead(cell, columns.Unit, exact: false, out minor);
}
