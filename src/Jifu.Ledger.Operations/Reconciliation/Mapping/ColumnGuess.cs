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
            return ToldUnit(number, toldColumn);
        var amounts = Columns().Where(column => column != number && IsAmount(column)).ToList();
        var agreeing = amounts
            .SelectMany(column => new[] { AmountUnit.Yuan, AmountUnit.Fen }.Select(unit => (
                Column: column, Unit: unit, Hits: Agreeing(number, column, unit, line => line.Amount),
                Rank: HeadingWords.Rank(orders.Headings[column], HeadingWords.Amount))))
            .Where(each => each.Hits > 0)
            .OrderByDescending(each => each.Hits).ThenByDescending(each => each.Rank).ToList();
        if (agreeing is [var best, ..])
        {
            Unit = best.Unit;
            return Take("amount", best.Column, $"in {Name(Unit)}: agrees with the bill in "
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
        "fee", HeadingWords.Fee, IsAmount,
        column => (Agreeing(number, column, Unit, line => line.Fee), Matched(number), "agrees with the bill"),
        unnamed: false);

    public int? At(int number) => Optional(
        "at", HeadingWords.At, IsTime,
        column => (Rows(number).Count(row => DayOf(row.Cells[column]) is { } day && day == BusinessDay.Of(row.Line.At)),
            Matched(number), "is of the bill's day"));

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

    public int? Told(string field)
    {
        if (!told.TryGetValue(field, out var heading))
            return null;
        var column = orders.Headings.ToList().IndexOf(heading);
        if (column >= 0)
            return Take(field, column, "you say so");
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
        bool unnamed = true)
    {
        if (told.ContainsKey(field))
            return Told(field);
        var named = Columns().Where(column => orders.Values(column).Any() && fits(column))
            .Select(column => (Column: column, Rank: HeadingWords.Rank(orders.Headings[column], words),
                Evidence: evidence(column)))
            .Where(each => each.Rank > 0 || (unnamed && each.Evidence.Hits * 2 > each.Evidence.Of))
            .OrderByDescending(each => each.Evidence.Hits).ThenByDescending(each => each.Rank).ToList();
        if (named is not [var best, ..])
            return None(field, "no such column: not compared");
        var (hits, of, what) = best.Evidence;
        if (of > 0 && hits * 2 < of && bill.Rows > 0)
            return None(field, $"{orders.Headings[best.Column]} {what} in {Of(hits, of)} rows: not compared");
        return Take(field, best.Column, of > 0 ? $"{what} in {Of(hits, of)} rows" : "by its heading");
    }

    private int? ToldUnit(int? number, int column)
    {
        var (yuan, fen) = (Agreeing(number, column, AmountUnit.Yuan, line => line.Amount),
            Agreeing(number, column, AmountUnit.Fen, line => line.Amount));
        Unit = yuan == fen ? UnitOf(column) : yuan > fen ? AmountUnit.Yuan : AmountUnit.Fen;
        return column;
    }

    private AmountUnit UnitOf(int column)
    {
        if (told.TryGetValue("unit", out var unit))
            return unit == "fen" ? AmountUnit.Fen : AmountUnit.Yuan;
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

    private int Agreeing(int? number, int column, AmountUnit unit, Func<BillLine, Money> theirs) => number is null ? 0
        : Rows(number.Value).Count(row =>
            OrderAmount.TryRead(row.Cells[column], unit is AmountUnit.Fen ? 0 : 2, exact: false, out var minor)
            && Math.Abs(minor) == Math.Abs(theirs(row.Line).MinorUnits));

    private bool IsAmount(int column) => orders.Values(column).Any()
        && AreMost(column, value => OrderAmount.TryRead(value, 2, exact: false, out _));

    private bool IsTime(int column) => AreMost(column, value => DayOf(value) is not null);

    // A cell that somebody has mistyped does not make another column of it: reading it will name the cell.
    private bool AreMost(int column, Func<string, bool> fits)
    {
        var values = orders.Values(column).Take(1_000).ToList();
        var others = values.Count(value => !fits(value));
        return others == 0 || (others * 2 < values.Count && others <= Math.Max(1, values.Count / 10));
    }

    // As the export will be read; or as it may be meant, and then reading it will name the cell. Numbers of channels
    // begin with a date, too, and are longer.
    private static BusinessDay? DayOf(string text)
    {
        if (OrderColumns.TryReadTime(text, out var at))
            return at is { } moment ? BusinessDay.Of(moment) : null;
        return text.Length >= 8 && !text.All(char.IsAsciiDigit) && DateTime.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.NoCurrentDateDefault, out var date)
            ? new(DateOnly.FromDateTime(date))
            : null;
    }

    private static string Of(int hits, int all) => hits == all
        ? $"all {all:N0}"
        : string.Create(CultureInfo.InvariantCulture, $"{hits:N0} of {all:N0}");

    private static string Name(AmountUnit unit) => unit is AmountUnit.Fen ? "fen" : "yuan";
}
