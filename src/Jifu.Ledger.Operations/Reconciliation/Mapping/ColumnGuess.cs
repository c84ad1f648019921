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
    private readonly HashSet<string> _repeated = [];
    private int? _number, _refundNumber;

    public OrderSample Orders => orders;
    public BillSample Bill => bill;
    public IReadOnlyList<FieldGuess> Fields => _fields;
    public IReadOnlyList<string> Doubts => _doubts;

    /// <summary>What the amounts count.</summary>
    public AmountUnit Unit { get; private set; } = AmountUnit.Yuan;

    /// <summary>Says where the rows have their numbers, and refunds those of their own; null where they have none.
    /// </summary>
    public void Number(int? number, int? ofRefunds)
    {
        (_number, _refundNumber) = (number, ofRefunds);
        _repeated.Clear();
        if (ofRefunds is { } column)
            _repeated.UnionWith(orders.Values(column).CountBy(value => value).Where(each => each.Value > 1)
                .Select(each => each.Key));
    }

    public void Doubt(string doubt) => _doubts.Add(doubt);

    public int? Amount()
    {
        if (Told("amount") is { } toldColumn)
            return InUnit(toldColumn);
        var amounts = Columns().Where(column => CellForms.AreAmounts(orders, column)).ToList();
        var agreeing = amounts
            .SelectMany(column => new[] { AmountUnit.Yuan, AmountUnit.Fen }.Select(unit => (
                Column: column, Unit: unit, Hits: Agreeing(column, unit),
                Rank: HeadingWords.Rank(orders.Headings[column], HeadingWords.Amount))))
            .Where(each => each.Hits > 0)
            .OrderByDescending(each => each.Hits).ThenByDescending(each => each.Rank).ToList();
        if (agreeing is [var best, ..])
        {
            Unit = ToldUnit ?? best.Unit;
            var said = ToldUnit is null ? "" : Unit == best.Unit ? "you say so; "
                : $"you say so; in {Name(best.Unit)} it ";
            return Take("amount", best.Column, $"in {Name(Unit)}: {said}agrees with the bill in "
                + $"{Of(best.Hits, Matched)} rows that both have");
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

    public int? At() => Optional(
        "at", HeadingWords.At, column => CellForms.AreTimes(orders, column),
        column => (OfTheDay(column), Matched, "is of the bill's day"),
        // What is disproved is named, too.
        proven: column => OfTheDay(column) * 2 != Matched);

    public int? Reference() => Optional(
        "reference", HeadingWords.Reference, _ => true,
        column => (orders.Values(column).Count(bill.References.Contains), orders.Rows.Count, "stands in the bill"));

    public int? Merchant() => Optional(
        "merchant", HeadingWords.Merchant, _ => true,
        column => (orders.Values(column).Count(bill.Merchants.Contains), orders.Rows.Count, "stands in the bill"));

    /// <summary>The rows that the bill has too.</summary>
    public IEnumerable<(IReadOnlyList<string> Cells, BillLine Line)> Rows()
    {
        foreach (var row in orders.Rows)
            if (LineOf(row) is { } line)
                yield return (row, line);
    }

    /// <summary>How many they are.</summary>
    public int Matched => Rows().Count();

    /// <summary>Whether the bill has a row, as what it is.</summary>
    /// <param name="kind">None when nobody knows.</param>
    public bool Has(IReadOnlyList<string> row, BillLineKind kind) => kind is BillLineKind.None
        ? LineOf(row) is not null
        : NumberOf(row, kind) is { } number && bill.ByKey.ContainsKey(LineKey.Of(kind, number));

    /// <summary>Whether a row has any number, and is no sum of others.</summary>
    public bool IsNumbered(IReadOnlyList<string> row) =>
        NumberOf(row, BillLineKind.Refund) is { Length: > 0 } number && !SumRow.Is(number);

    /// <summary>Whether the amount of a row is the one that the bill has under its number.</summary>
    public bool IsAmount(IReadOnlyList<string> row, int amount) =>
        LineOf(row) is { } line && Agrees(row[amount], Unit, line.Amount);

    /// <summary>Columns that no field has.</summary>
    public IEnumerable<int> Columns() => Enumerable.Range(0, orders.Headings.Count)
        .Where(column => orders.Headings[column].Length > 0 && !_taken.Contains(column));

    /// <summary>Columns that no field has: the best named first, those of other names last.</summary>
    public List<int> Ranked(string[] words) => [.. Columns()
        .Select(column => (column, Rank: HeadingWords.Rank(orders.Headings[column], words)))
        .OrderByDescending(each => each.Rank).Select(each => each.column)];

    /// <summary>The column that is called so and holds anything.</summary>
    public int? ByHeading(string[] words, int? except = null) => Columns()
        .Select(column => (Column: column, Rank: HeadingWords.Rank(orders.Headings[column], words)))
        .Where(each => each.Rank > 0 && each.Column != except && orders.Values(each.Column).Any())
        .OrderByDescending(each => each.Rank).Select(each => (int?)each.Column).FirstOrDefault();

    /// <param name="why">What is to be said besides, by the column; null for nothing.</param>
    public int? Told(string field, Func<int, string>? why = null)
    {
        if (!told.TryGetValue(field, out var heading))
            return null;
        if (ToldColumn(field) is { } column)
            return Take(field, column, why?.Invoke(column) ?? "you say so");
        _doubts.Add($"{orders.FileName} has no column {heading}; it has {string.Join(", ", orders.Headings)}.");
        return None(field, "not found");
    }

    public bool IsTold(string field) => told.ContainsKey(field);

    /// <summary>The column that somebody has named for a field, without taking it yet.</summary>
    public int? ToldColumn(string field) => told.TryGetValue(field, out var heading)
        && orders.Headings.ToList().IndexOf(heading) is >= 0 and var column ? column : null;

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
    /// <param name="besides">What is to be said of the column that is taken.</param>
    public int? Optional(
        string field, string[] words, Func<int, bool> fits, Func<int, (int Hits, int Of, string What)> evidence,
        Func<int, bool>? proven = null, Func<int, string>? besides = null)
    {
        if (told.ContainsKey(field))
            return Told(field, column => $"you say so{besides?.Invoke(column)}");
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
        return Take(
            field, best.Column,
            (of > 0 ? $"{what} in {Of(hits, of)} rows" : "by its heading") + besides?.Invoke(best.Column));
    }

    private AmountUnit? ToldUnit => !told.TryGetValue("unit", out var unit) ? null
        : unit == "fen" ? AmountUnit.Fen : AmountUnit.Yuan;

    private int? InUnit(int column)
    {
        var (yuan, fen) = (Agreeing(column, AmountUnit.Yuan), Agreeing(column, AmountUnit.Fen));
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

    private int OfTheDay(int column) => Rows().Count(row =>
        CellForms.DayOf(row.Cells[column]) is { } day && day == BusinessDay.Of(row.Line.At));

    private int Agreeing(int column, AmountUnit unit) =>
        Rows().Count(row => Agrees(row.Cells[column], unit, row.Line.Amount));

    // Of a row that names its refund, never its payment: nothing, when the bill lacks that refund. What stands there in
    // many rows is no number.
    private BillLine? LineOf(IReadOnlyList<string> row)
    {
        if (_refundNumber is { } column && row[column].Length > 0)
        {
            if (bill.ByKey.TryGetValue(LineKey.Of(BillLineKind.Refund, row[column]), out var refund))
                return refund;
            if (!_repeated.Contains(row[column]))
                return null;
        }

        return _number is { } number ? bill.ByNumber.GetValueOrDefault(row[number]) : null;
    }

    private string? NumberOf(IReadOnlyList<string> row, BillLineKind kind) =>
        kind is BillLineKind.Refund && _refundNumber is { } column && row[column].Length > 0 ? row[column]
        : _number is { } number ? row[number]
        : null;

    private static bool Agrees(string cell, AmountUnit unit, Money theirs) =>
        OrderAmount.TryRead(cell, unit, exact: false, out var minor)
        && Math.Abs(minor) == Math.Abs(theirs.MinorUnits);

    public static string Of(int hits, int all) => hits == all
        ? $"all {all:N0}"
        : string.Create(CultureInfo.InvariantCulture, $"{hits:N0} of {all:N0}");

    private static string Name(AmountUnit unit) => unit is AmountUnit.Fen ? "fen" : "yuan";
}
