using System.Globalization;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the column that tells which rows are done, and holds each of its words against the bill: what the
/// bill has is done, whatever a word seems to say.</summary>
/// <param name="isInBill">Whether the bill has a row of the export.</param>
internal sealed class StatusGuess(ColumnGuess columns, Func<IReadOnlyList<string>, bool> isInBill)
{
    private readonly List<string> _done = [];
    private readonly List<string> _notDone = [];
    private int? _found;

    /// <summary>What a word says, and of how many of its rows the bill knows.</summary>
    private sealed record Word(string Text, bool? IsDone, long Rows, long InBill)
    {
        /// <summary>As people are asked about it.</summary>
        public string Name => Text.Length == 0 ? "an empty cell" : Text;
    }

    /// <summary>The column; what is in doubt is asked.</summary>
    public int? Find(int? kind)
    {
        if (columns.Told("status") is { } told)
        {
            if (WordGuess.Words(columns, told) is null)
                columns.Doubt($"Column {Heading(told)} has more than {WordGuess.WordsMax} different words, or none. "
                    + "Which mean that the payment is done? Say so in success_words of a mapping file.");
            else
                Learn(told, Judged(told));
            return told;
        }

        var named = new List<(int Column, List<Word> Words)>();
        // One column may say both: 已支付, 已退款, 待支付.
        foreach (var column in columns.Ranked(HeadingWords.Status).Concat(kind is { } said ? [said] : []))
        {
            var isNamed = HeadingWords.Rank(Heading(column), HeadingWords.Status) > 0;
            if (IsOfOther(column) || WordGuess.Words(columns, column) is not { } all
                || !(isNamed || all.TrueForAll(word => CellWords.IsDone(word) is not null)))
                continue;
            var words = Judged(column);
            if (isNamed && Contradicted(words).Count > 0)
                named.Add((column, words));
            else if (isNamed || TellsApart(words))
                return Take(column, words);
        }

        return named is [var (asked, doubtful), ..]
            ? Take(asked, doubtful)
            : columns.None("status", "no such column: all rows are taken as done");
    }

    /// <summary>Asks about rows that the column found calls done and another one does not, and that the bill lacks:
    /// they would be told as missing there, and perhaps they never were done.</summary>
    /// <param name="timeHeading">Of the column that tells when rows are; null where there is none.</param>
    public void AskOthers(string? timeHeading)
    {
        if (columns.IsTold("status"))
            return;
        int? at = timeHeading is null ? null : columns.Orders.Headings.ToList().IndexOf(timeHeading);
        var rows = columns.Orders.Rows.Where(row => columns.IsNumbered(row) && IsDone(row) && IsOfTheDays(row))
            .Select(row => (Cells: row, InBill: isInBill(row))).ToList();
        foreach (var other in columns.Ranked(HeadingWords.Status))
        {
            if (HeadingWords.Rank(Heading(other), HeadingWords.Status) == 0
                || HeadingWords.Has(Heading(other), HeadingWords.OfGoods) || WordGuess.Words(columns, other) is null)
                continue;
            var said = rows.ToLookup(row => CellWords.IsDone(row.Cells[other]) is false);
            var missing = said[true].GroupBy(row => row.Cells[other])
                .Where(word => word.Count(row => row.InBill) * 2 < word.Count())
                .Select(word => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{word.Key} ({word.Count():N0} rows, {word.Count(row => row.InBill):N0} of them in the bill)"))
                .ToList();
            if (missing.Count > 0 && said[false].Count(row => row.InBill) * 2 > said[false].Count())
                columns.Doubt($"Column {Heading(other)} seems to say that rows are not done"
                    + (_found is { } named ? $" which are by {Heading(named)}" : "")
                    + $": {string.Join(", ", missing)}. Which column tells what is done? Say --map status=… with its "
                    + "name; or leave those rows out of the export.");
        }

        bool IsDone(IReadOnlyList<string> row) => _found is not { } column || _done.Contains(row[column]);

        bool IsOfTheDays(IReadOnlyList<string> row) =>
            at is not { } column || CellForms.DayOf(row[column]) is not { } day || columns.Bill.Days.Contains(day);
    }

    /// <summary>The mapping with the words of the column found.</summary>
    public OrderMapping Fill(OrderMapping mapping) => mapping.Status is null || (_done.Count, _notDone.Count) is (0, 0)
        ? mapping
        : mapping with { SuccessWords = _done.ToValueList(), NotDoneWords = _notDone.ToValueList() };

    // Whether goods were sent, or whether a payment was given back, is no status of the payment.
    private bool IsOfOther(int column) => HeadingWords.Has(Heading(column), HeadingWords.OfGoods)
        || (HeadingWords.Has(Heading(column), HeadingWords.OfRefunds)
            && columns.Rows().Any(row => row.Line.Kind is BillLineKind.Payment));

    // A column of any other name has to speak of both, in words that are known, as the bill does.
    private static bool TellsApart(List<Word> words) => Contradicted(words).Count == 0
        && words.TrueForAll(word => word.IsDone is not null)
        && words.Exists(word => word is { IsDone: true, Text.Length: > 0 })
        && words.Exists(word => word is { IsDone: false });

    /// <summary>Words that seem to say that rows are not done, and the bill has as many of those as of others. One row
    /// may be a difference.</summary>
    private static List<Word> Contradicted(List<Word> words)
    {
        var done = words.Where(word => word.IsDone is true).ToList();
        var (rows, inBill) = (done.Sum(word => word.Rows), done.Sum(word => word.InBill));
        return [.. words.Where(word => word.IsDone is false && word.InBill > (rows > 0 ? 1 : 0)
            && (rows > 0 ? word.InBill * 2 * rows > inBill * word.Rows : word.InBill * 2 > word.Rows))];
    }

    private int? Take(int column, List<Word> words)
    {
        Learn(column, words);
        return _found = columns.Take("status", column, Why());
    }

    private string Why() => $"done = {Names(_done)}"
        + (_notDone.Count == 0 ? "" : $"; not done, not expected = {Names(_notDone)}");

    // Keeps what the words mean, and asks for the others.
    private void Learn(int column, List<Word> words)
    {
        var contradicted = Contradicted(words);
        foreach (var word in words)
        {
            if (contradicted.Contains(word))
                columns.Doubt(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{word.Name} in column {Heading(column)} seems to say that rows are not done, and the bill has "
                        + $"{word.InBill:N0} of {word.Rows:N0}. Does it speak of the payment? Put the word into "
                        + $"success_words or not_done_words of a mapping file, or leave status out there."));
            else if (word.IsDone is not { } done)
                columns.Doubt($"Does {word.Name} in column {Heading(column)} mean that the payment is done? "
                    + "Say so in success_words of a mapping file.");
            else
                (done ? _done : _notDone).Add(word.Text);
        }
    }

    // Sums have no status, and what has no number nobody can look up in the bill.
    private List<Word> Judged(int column)
    {
        var rows = columns.Orders.Rows.Where(columns.IsNumbered)
            .GroupBy(row => row[column])
            .ToDictionary(group => group.Key, group => (Rows: group.LongCount(), InBill: group.LongCount(isInBill)));
        var words = WordGuess.Words(columns, column) ?? [];
        return [.. words.Union(rows.Keys).Select(word => Judged(word, rows.GetValueOrDefault(word)))];
    }

    // One that we do not know is done when the bill has most of its rows; one that may say either is not when the bill
    // has none of them.
    private static Word Judged(string word, (long Rows, long InBill) its) => new(
        word,
        CellWords.IsDone(word) is { } known && !(CellWords.IsEither(word) && its.InBill > 0) ? known
            : its.InBill * 2 > its.Rows ? true : null,
        its.Rows, its.InBill);

    private static string Names(List<string> words) =>
        string.Join(" / ", words.Select(word => word.Length == 0 ? "(empty)" : word));

    private string Heading(int column) => columns.Orders.Headings[column];
}
