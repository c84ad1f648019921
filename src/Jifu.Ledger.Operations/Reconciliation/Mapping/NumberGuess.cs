using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the columns of an order export that hold the bill's numbers: those of payments, and those of refunds
/// where they stand beside them.</summary>
internal sealed class NumberGuess(ColumnGuess columns)
{
    private readonly OrderSample orders = columns.Orders;
    private readonly BillSample bill = columns.Bill;

    /// <summary>The column of refunds' numbers in rows of which nothing says what they are; null when there is none.
    /// </summary>
    public int? Asked { get; private set; }

    public int? Number()
    {
        var number = Found();
        // Where the bill has most of the numbers found, it does not matter what another column lost.
        var isFound = number is { } its
            && orders.Values(its).Count(bill.ByNumber.ContainsKey) * 2 > orders.Values(its).Count();
        var other = isFound ? null : columns.ByHeading(HeadingWords.Number);
        foreach (var column in new[] { number, other }.OfType<int>())
        {
            var missing = orders.Values(column).Where(value => !bill.ByNumber.ContainsKey(value)).ToList();
            if (RoundedNumber.FirstOf(missing) is { } rounded)
                columns.Doubt($"{rounded} in column {orders.Headings[column]} is no order's number: "
                    + $"{RoundedNumber.Advice}.");
        }

        return number;
    }

    /// <summary>The column that has the bill's refunds in rows whose own number it does not have as a refund; null when
    /// there is none, or when it only says which refund an order had.</summary>
    public int? OfRefunds(int number)
    {
        if (columns.IsTold("refund_number"))
            return columns.ToldColumn("refund_number");
        var (column, hits) = columns.Columns().Where(column => column != number)
            .Select(column => (Column: column, Hits: Refunds(number, column).Count()))
            .OrderByDescending(each => each.Hits).FirstOrDefault();
        if (hits == 0)
            return null;
        var counts = orders.Rows.CountBy(row => row[number]).ToDictionary();
        // A row of its own: the payment has another one, or is of another day.
        var own = Refunds(number, column)
            .Count(row => counts[row[number]] > 1 || !IsOf(BillLineKind.Payment, row[number]));
        return own * 2 > hits ? column : null;
    }

    /// <summary>Says what came of that column, once it is known which rows are refunds.</summary>
    public int? Settled(int number, int? found, WordGuess words, int amount)
    {
        AskOfRefunds(number, words);
        if (columns.IsTold("refund_number"))
            return columns.Told("refund_number");
        if (found is not { } column)
        {
            AskOfPayments(number, words);
            return null;
        }

        var rows = Refunds(number, column).ToList();
        if (rows.Count(row => words.Of(row) is BillLineKind.Refund) * 2 > rows.Count)
            return columns.Take(
                "refund_number", column, $"{ColumnGuess.Of(rows.Count, orders.Values(column).Count())} values stand in "
                    + "the bill as refunds' numbers");
        if (rows.Count(row => columns.IsAmount(row, amount)) * 2 > rows.Count)
        {
            Asked = column;
            columns.Doubt($"Column {orders.Headings[column]} has the numbers of the bill's refunds, and nothing says "
                + "that these rows are refunds. Export what a row is (类型), or refunds with a minus sign.");
        }

        return columns.None("refund_number", $"{orders.Headings[column]} has refunds in rows that are none: left out");
    }

    private int? Found()
    {
        if (columns.Told("number") is { } column)
            return column;
        var hits = Evidence(bill.ByNumber.ContainsKey);
        if (hits is [var best, ..] && best.Hits > 0)
        {
            var (number, of) = OfPayments(best, hits);
            return columns.Take(
                "number", number,
                of == 0 ? "by its heading"
                    : $"{ColumnGuess.Of(of, orders.Rows.Count)} values stand in the bill as the merchant's number");
        }

        if (Evidence(bill.References.Contains) is [var own, ..] && own.Hits > 0)
        {
            columns.Doubt($"Column {orders.Headings[own.Column]} holds the channel's own numbers, and no column holds "
                + "the merchant's numbers that the bill has (商户订单号). Export those too.");
            return columns.None("number", "not found");
        }

        if (columns.ByHeading(HeadingWords.Number) is not { } named)
        {
            columns.Doubt("No column is recognised as the order number that the bill has too.");
            return columns.None("number", "not found");
        }

        if (orders.IsWhole && bill.IsWhole && orders.Rows.Count > 0 && bill.Rows > 0)
            columns.Doubt($"Not one number of column {orders.Headings[named]} stands in the bill. Are both files "
                + "of the same day and the same merchant?");
        return columns.Take("number", named, "by its heading");
    }

    // Most rows with the numbers of the bill's refunds would be called payments.
    private void AskOfRefunds(int number, WordGuess words)
    {
        var refunds = orders.Rows
            .Where(row => IsOf(BillLineKind.Refund, row[number]) && !IsOf(BillLineKind.Payment, row[number])).ToList();
        if (refunds.Count(row => words.Of(row) is BillLineKind.Payment) * 2 > refunds.Count)
            columns.Doubt($"Column {orders.Headings[number]} has {refunds.Count} of the bill's refunds, and nothing "
                + "says that these rows are refunds. Export what a row is (类型), or refunds with a minus sign"
                + $"{OrByKind()}.");
    }

    // The column that is called so may tell it all the same, to who knows its words.
    private string OrByKind() => columns.ByHeading(HeadingWords.Kind) is { } kind
        ? $"; or, if {orders.Headings[kind]} tells what a row is, say --map kind={orders.Headings[kind]}" : "";

    // Refunds under their payments' numbers are none that the bill has: it knows refunds by numbers of their own.
    private void AskOfPayments(int number, WordGuess words)
    {
        var refunds = orders.Rows.Where(row => words.Of(row) is BillLineKind.Refund).ToList();
        var payments = orders.Rows.Where(row => words.Of(row) is BillLineKind.Payment)
            .Select(row => row[number]).ToHashSet(StringComparer.Ordinal);
        if (refunds.Exists(row => payments.Contains(row[number]) && IsOf(BillLineKind.Payment, row[number]))
            && !refunds.Exists(row => IsOf(BillLineKind.Refund, row[number])))
            columns.Doubt($"Rows of refunds have their payments' numbers in column {orders.Headings[number]}, and no "
                + "column has the refunds' own that the bill knows them by (商户退款单号). Export that, or how much of "
                + "each order was refunded beside it (退款金额).");
    }

    // Refunds may be more than payments; payments have no number where only refunds have one.
    private (int Column, int Hits) OfPayments((int Column, int Hits) best, List<(int Column, int Hits)> hits)
    {
        if (orders.Values(best.Column).Any(IsOfPayment))
            return best;
        var payments = Evidence(IsOfPayment);
        if (payments is [var first, ..] && first.Hits > 0)
            return hits.Find(each => each.Column == first.Column);
        return orders.Rows.Any(row => row[best.Column].Length == 0)
            && columns.ByHeading(HeadingWords.Number, best.Column) is { } named ? (named, 0) : best;
    }

    private IEnumerable<IReadOnlyList<string>> Refunds(int number, int column) => orders.Rows.Where(row =>
        IsOf(BillLineKind.Refund, row[column]) && !IsOf(BillLineKind.Refund, row[number]));

    private bool IsOfPayment(string number) =>
        IsOf(BillLineKind.Payment, number) || IsOf(BillLineKind.Revoke, number);

    // Most cells are no number at all, and need no key.
    private bool IsOf(BillLineKind kind, string number) =>
        bill.ByNumber.ContainsKey(number) && bill.ByKey.ContainsKey(LineKey.Of(kind, number));

    private List<(int Column, int Hits)> Evidence(Func<string, bool> holds) => [.. columns.Columns()
        .Select(column => (column, Hits: orders.Values(column).Count(holds)))
        .OrderByDescending(each => each.Hits)];
}
