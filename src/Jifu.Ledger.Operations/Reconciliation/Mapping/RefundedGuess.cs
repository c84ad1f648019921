using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the column that tells how much of each order was refunded (退款金额), in an export that has no rows of
/// refunds.</summary>
internal sealed class RefundedGuess(ColumnGuess columns, WordGuess words)
{
    private readonly OrderSample orders = columns.Orders;

    public int? Find(int number)
    {
        if (columns.IsTold("refunded"))
            return columns.Told("refunded");
        // What has rows of its own is compared by those.
        if (orders.Rows.Any(row => words.Of(row) is BillLineKind.Refund))
            return null;
        var refunds = new RefundsByPayment(columns.Bill.ByKey.Values);
        var named = columns.Ranked(HeadingWords.Refunded)
            .Where(column => HeadingWords.Rank(orders.Headings[column], HeadingWords.Refunded) > 0 && IsTold(column))
            .Select(column => (Column: column, Evidence: Evidence(number, column, refunds)))
            .OrderByDescending(each => each.Evidence.Hits).ToList();
        if (named is not [var (best, (hits, of)), ..])
            return null;
        if (hits * 2 <= of && of > 0)
            columns.Doubt($"Column {orders.Headings[best]} seems to tell how much of an order was refunded, no row is "
                + "a refund, and the bill's refunds of these orders come to something else in "
                + $"{ColumnGuess.Of(of - hits, of)}. Export refunds as rows of their own; or say --map "
                + $"refunded={orders.Headings[best]} to compare it all the same.");
        return columns.Take("refunded", best, of == 0
            ? "by its heading: the bill has no refund of these orders"
            : $"equals the bill's refunds in {ColumnGuess.Of(hits, of)} orders: compared by the payment's number");
    }

    // Amounts, not all of them zero.
    private bool IsTold(int column) => CellForms.AreAmounts(orders, column)
        && orders.Values(column).Any(value => TryRead(value, out var minor) && minor != 0);

    // Of the orders that the bill has refunds of, how many have just those.
    private (int Hits, int Of) Evidence(int number, int column, RefundsByPayment refunds)
    {
        var both = orders.Rows.Select(row => (Theirs: refunds.MinorOf(row[number]), Cell: row[column]))
            .Where(each => each.Theirs > 0).ToList();
        return (both.Count(each => TryRead(each.Cell, out var ours) && Math.Abs(ours) == each.Theirs), both.Count);
    }

    private bool TryRead(string cell, out long minor) =>
        OrderAmount.TryRead(cell, columns.Unit, exact: false, out minor);
}
