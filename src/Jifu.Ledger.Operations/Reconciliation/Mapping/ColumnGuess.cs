using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the columns of an order export one field after the other, and notes why.</summary>
/// <remarks>What stands in the bill is evidence; a heading is only a name.</remarks>
internal sealed class ColumnGuess(
    OrderSample orders, BillSample bill, IReadOnlyDictionary<string, string> told)
{
    private readonly List<FieldGuess> _fields = [];
    private readonly List<string> _doubts = [];
    private readonly HashSet<int> _taken = [];

    public OrderSample Orders => orders;
    public BillSample Bill => bill;
    public IReadOnlyList<FieldGuess> Fields => _fields;
    public IReadOnlyList<string> Doubts => _doubts;

    /// <summary>What the amounts count.</summary>
    public AmountUnit Unit { get; private set; } = AmountUnit.Yuan;

    public void Doubt(string doubt) => _doubts.Add(doubt);

    public int? Number()
    {
        if (Told("number") is { } column)
            return column;
        var hits = Evidence((_, value) => bill.ByNumber.ContainsKey(value));
        if (hits is [var best, ..] && best.Hits > 0)
        {
            var why = $"{Of(best.Hits, orders.Rows.Count)} values stand in the bill as the merchant's number";
            return Take("number", best.Column, why);
        }

        if (Evidence((_, value) => bill.References.Contains(value)) is [var own, ..] && own.Hits > 0)
        {
            _doubts.Add($"Column {orders.Headings[own.Column]} holds the channel's own numbers, and no column holds "
                + "the merchant's numbers that the bill has (商户订单号). Export those too.");
            return None("number", "not found");
        }

        var named = ByHeading(HeadingWords.Number);
        if (named is null)
        {
            _doubts.Add("No column is recognised as the order number that the bill has too.");
            return None("number", "not found");
        }

        if (orders.IsWhole && bill.IsWhole && orders.Rows.Count > 0 && bill.Rows > 0)
            _doubts.Add($"Not one number of column {orders.Headings[named.Value]} stands in the bill. Are both files "
                + "of the same day and the same merchant?");
        return Take("number", named.Value, "by its heading");
    }

    public int? Amount(int? number)
    {
        if (Told("amount") is { } toldColumn)
            return InUnit(number, toldColumn);
        var amounts = Columns().Where(column => column != number && CellForms.AreAmounts(orders, column))
            .ToList();
        var agreeing = amounts
            .SelectMany(column => new[] { AmountUnit.Yuan, AmountUnit.Fen }.Select(unit => (
                Column: column, Unit: unit, Hits: Agreeing(number, column, unit, line => line.Amount),
                Rank: HeadingWords.Rank(orders.Headings[column], HeadingWords.Amount))))
            .Where(each => each.Hits > 0)
            .OrderByDescending(each => each.Hits).ThenByDescending(each => each.Rank).ToList();
        if (agreeing is [var best, ..])
        {
            Unit = ToldUnit ?? best.Unit;
            var said = ToldUnit is null ? "" : Unit == best.Unit ? "you say so; "
                : $"you say so; in {Name(best.Unit)} it ";
            return Take("amount", best.Column, $"in {Name(Unit)}: {said}agrees with the bill in "
                + $"{Of(best.Hits, Matched(number!.Value))} rows that both have");
        }

        var named = amounts.Where(column => HeadingWords.Rank(orders.Headings[column], HeadingWords.Amount) > 0)
            .OrderByDescending(column => HeadingWords.Rank(orders.Headings[column], HeadingWords.Amount)).ToList();
        if (named.Count == 0)
        {
            _doubts.Add("No column is recognised as the amount.");
            return None("amount", "not found");
        }

        if (named.Count > 1)
            _doubts.Add($"The amount could be {string.Join(" or ", named.Select(each => orders.Headings[each]))}.");
        Unit = UnitOf(named[0]);
        return Take("amount", named[0], $"by its heading, in {Name(Unit)}");
    }

    public int? Fee(int number) => Optional(
        "fee", HeadingWords.Fee, column => CellForms.AreAmounts(orders, column),
        column => (Agreeing(number, column, Unit, line => line.Fee), Matched(number), "agrees with the bill"),
        proven: column => IsFeeOfTheBill(number, column));

    public int? At(int number) => Optional(
        "at", HeadingWords.At, column => CellForms.AreTimes(orders, column),
        column => (OfTheDay(number, column), Matched(number), "is of the bill's day"),
        // What is disproved is named, too.
        proven: column => OfTheDay(number, column) * 2 != Matched(number));

    public int? Reference() => Optional(
        "reference", HeadingWords.Reference, _ => true,
        column => (orders.Values(column).Count(bill.References.Contains), orders.Rows.Count, "stands in the bill"));

    public int? Merchant() => Optional(
        "merchant", HeadingWords.Merchant, _ => true,
        column => (orders.Values(column).Count(bill.Merchants.Contains), orders.Rows.Count, "stands in the bill"));

    /// <summary>The rows that the bill has too.</summary>
    public IEnumerable<(IReadOnlyList<string> Cells, BillLine Line)> Rows(int number) => orders.Rows
        .Where(row => bill.ByNumber.ContainsKey(row[number])).Select(row => (row, bill.ByNumber[row[number]]));

    /// <summary>Columns that no field has.</summary>
    public IEnumerable<int> Columns() => Enumerable.Range(0, orders.Headings.Count)
        .Where(column => orders.Headings[column].Length > 0 && !_taken.Contains(column));

    /// <param name="why">What is to be said besides, by the column; null for nothing.</param>
    public int? Told(string field, Func<int, string>? why = null)
    {
        if (!told.TryGetValue(field, out var heading))
            return null;
        var column = orders.Headings.ToList().IndexOf(heading);
        if (column >= 0)
            return Take(field, column, why?.Invoke(column) ?? "you say so");
        _doubts.Add($"{orders.FileName} has no column {heading}; it has {string.Join(", ", orders.Headings)}.");
        return None(field, "not found");
    }

    public int? Take(string field, int column, string why)
    {
        _taken.Add(column);
        _fields.Add(new(field, orders.Headings[column], orders.Values(column).FirstOrDefault("(empty)"), why));
        return column;
    }

    public int? None(string field, string why)
    {
        _fields.Add(new(field, null, "", why));
        return null;
    }

    // What the bill contradicts is left out: it is something else under the same name. What it proves needs none.
    private int? Optional(
        string field, string[] words, Func<int, bool> fits, Func<int, (int Hits, int Of, string What)> evidence,
        Func<int, bool>? proven = null)
    {
        if (told.ContainsKey(field))
            return Told(field);
        var named = Columns().Where(column => orders.Values(column).Any() && fits(column))
            .Select(column => (Column: column, Rank: HeadingWords.Rank(orders.Headings[column], words),
                Evidence: evidence(column)))
            .Where(each => each.Rank > 0
                || (proven?.Invoke(each.Column) ?? each.Evidence.Hits * 2 > each.Evidence.Of))
            .OrderByDescending(each => each.Evidence.Hits).ThenByDescending(each => each.Rank).ToList();
        if (named is not [var best, ..])
            return None(field, "no such column: not compared");
        var (hits, of, what) = best.Evidence;
        if (of > 0 && hits * 2 < of && bill.Rows > 0)
            return None(
                field, $"{orders.Headings[best.Column]} {what} in {Of(hits, of)} rows: left out, the bill contradicts "
                    + "it");
        return Take(field, best.Column, of > 0 ? $"{what} in {Of(hits, of)} rows" : "by its heading");
    }

    private AmountUnit? ToldUnit => !told.TryGetValue("unit", out var unit) ? null
        : unit == "fen" ? AmountUnit.Fen : AmountUnit.Yuan;

    private int? InUnit(int? number, int column)
    {
        var (yuan, fen) = (Agreeing(number, column, AmountUnit.Yuan, line => line.Amount),
            Agreeing(number, column, AmountUnit.Fen, line => line.Amount));
        Unit = ToldUnit ?? (yuan == fen ? UnitOf(column) : yuan > fen ? AmountUnit.Yuan : AmountUnit.Fen);
        return column;
    }

    private AmountUnit UnitOf(int column)
    {
        if (ToldUnit is { } unit)
            return unit;
        if (HeadingWords.SaysFen(orders.Headings[column]) is { } fen)
            return fen ? AmountUnit.Fen : AmountUnit.Yuan;
        if (orders.Values(column).Any(value => value.Contains('.', StringComparison.Ordinal)))
            return AmountUnit.Yuan;
        _doubts.Add($"Column {orders.Headings[column]} holds whole numbers only: are they yuan or fen? Say --map "
            + "unit=yuan or unit=fen.");
        return AmountUnit.Yuan;
    }

    private int? ByHeading(string[] words) => Columns()
        .Select(column => (Column: column, Rank: HeadingWords.Rank(orders.Headings[column], words)))
        .Where(each => each.Rank > 0 && orders.Values(each.Column).Any()).OrderByDescending(each => each.Rank)
        .Select(each => (int?)each.Column).FirstOrDefault();

    private List<(int Column, int Hits)> Evidence(Func<int, string, bool> holds) => [.. Columns()
        .Select(column => (column, Hits: orders.Values(column).Count(value => holds(column, value))))
        .OrderByDescending(each => each.Hits)];

    private int Matched(int number) => Rows(number).Count();

    private int OfTheDay(int number, int column) => Rows(number).Count(row =>
        CellForms.DayOf(row.Cells[column]) is { } day && day == BusinessDay.Of(row.Line.At));

    // Many columns are zero where fees are, too: no chance is what is charged.
    private bool IsFeeOfTheBill(int number, int column) =>
        Agreeing(number, column, Unit, line => line.Fee) >= Matched(number) * 0.9
        && Rows(number).Count(row => !row.Line.Fee.IsZero && Agrees(row.Cells[column], Unit, row.Line.Fee)) > 1;

    private int Agreeing(int? number, int column, AmountUnit unit, Func<BillLine, Money> theirs) => number is null ? 0
        : Rows(number.Value).Count(row => Agrees(row.Cells[column], unit, theirs(row.Line)));

    private static bool Agrees(string cell, AmountUnit unit, Money theirs) =>
        OrderAmount.TryRead(cell, unit is AmountUnit.Fen ? 0 : 2, exact: false, out var minor)
        && Math.Abs(minor) == Math.Abs(theirs.MinorUnits);

    private static string Of(int hits, int all) => hits == all
        ? $"all {all:N0}"
        : string.Create(CultureInfo.InvariantCulture, $"{hits:N0} of {all:N0}");

    private static string Name(AmountUnit unit) => unit is AmountUnit.Fen ? "fen" : "yuan";
}
