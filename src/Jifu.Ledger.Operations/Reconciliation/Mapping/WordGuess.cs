using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the columns of an order export that speak in words, and what the words mean.</summary>
internal sealed class WordGuess(ColumnGuess columns, int number)
{
    private const int WordsMax = 20;

    private readonly Dictionary<BillLineKind, List<string>> _kinds = [];
    private readonly List<string> _done = [];

    /// <summary>The column that tells payments from refunds.</summary>
    public int? Kind()
    {
        if (columns.Told("kind") is { } told)
        {
            LearnKinds(told, Words(told) ?? []);
            return told;
        }

        foreach (var column in Ranked(HeadingWords.Kind))
        {
            if (Words(column) is not { } words || !TellsKinds(column, words))
                continue;
            LearnKinds(column, words);
            return columns.Take("kind", column, string.Join("; ", _kinds.Select(kind =>
                $"{SnakeCase.Of($"{kind.Key}")} = {string.Join(" / ", kind.Value)}")));
        }

        return columns.None("kind", "no such column: all rows are payments, negative amounts refunds");
    }

    // A column of another name has to tell both kinds, and never otherwise than the bill.
    private bool TellsKinds(int column, List<string> words)
    {
        if (words.Any(word => CellWords.Kind(word) is BillLineKind.None))
            return false;
        var rows = columns.Rows(number).Where(row => row.Cells[column].Length > 0).ToList();
        var agreeing = rows.Count(row => columns.Bill.Keys.Contains(
            (row.Line with { Kind = CellWords.Kind(row.Cells[column]) }).Key));
        return IsNamed(column, HeadingWords.Kind)
            ? agreeing >= rows.Count * 0.9
            : agreeing == rows.Count && rows.Select(row => row.Line.Kind).Distinct().Count() > 1;
    }

    /// <summary>The column that tells which rows are done; those of other words are not expected in the bill.</summary>
    public int? Status(int? kind)
    {
        var told = columns.Told("status");
        var column = told ?? Ranked(HeadingWords.Status).Where(each => each != kind && Words(each) is { } words
                && (IsNamed(each, HeadingWords.Status) || words.All(word => CellWords.IsDone(word) is not null)))
            .Select(each => (int?)each).FirstOrDefault();
        if (column is not { } found)
            return columns.None("status", "no such column: all rows are taken as done");
        var notDone = new List<string>();
        foreach (var word in Words(found) ?? [])
            if (IsDone(found, word) is not { } done)
                columns.Doubt($"Does {word} in column {columns.Orders.Headings[found]} mean that the payment is done? "
                    + "Say so in success_words of a mapping file.");
            else
                (done ? _done : notDone).Add(word);
        var why = $"done = {string.Join(" / ", _done)}"
            + (notDone.Count == 0 ? "" : $"; not done, not expected = {string.Join(" / ", notDone)}");
        return told ?? columns.Take("status", found, why);
    }

    /// <summary>True when refunds carry a minus sign.</summary>
    public bool NegativeRefunds(int? kind, int amount) => columns.Orders.Rows.Any(row =>
        row[amount].StartsWith('-')
        && (kind is null || CellWords.Kind(row[kind.Value]) is BillLineKind.Refund or BillLineKind.Revoke));

    /// <summary>The mapping with the words that were found added to those that it knows.</summary>
    public OrderMapping Fill(OrderMapping mapping) => mapping with
    {
        PaymentWords = With(mapping.PaymentWords, BillLineKind.Payment),
        RefundWords = With(mapping.RefundWords, BillLineKind.Refund),
        RevokeWords = With(mapping.RevokeWords, BillLineKind.Revoke),
        SuccessWords = mapping.Status is null ? mapping.SuccessWords : _done.ToValueList(),
    };

    private ValueList<string> With(ValueList<string> known, BillLineKind kind) =>
        _kinds.TryGetValue(kind, out var found) ? found.ToValueList() : known;

    private bool IsNamed(int column, string[] words) =>
        HeadingWords.Rank(columns.Orders.Headings[column], words) > 0;

    // The best named first, those of other names last.
    private List<int> Ranked(string[] words) => [.. columns.Columns()
        .Select(column => (column, Rank: HeadingWords.Rank(columns.Orders.Headings[column], words)))
        .OrderByDescending(each => each.Rank).Select(each => each.column)];

    // Null for a column that says something else in each row.
    private List<string>? Words(int column)
    {
        var words = columns.Orders.Values(column).Distinct().Take(WordsMax + 1).ToList();
        return words.Count is > 0 and <= WordsMax ? words : null;
    }

    private void LearnKinds(int column, List<string> words)
    {
        foreach (var word in words)
        {
            var kind = CellWords.Kind(word);
            if (kind is BillLineKind.None)
            {
                columns.Doubt($"Is {word} in column {columns.Orders.Headings[column]} a payment, a refund or a "
                    + "revocation? Say so in a mapping file.");
                continue;
            }

            if (!_kinds.TryGetValue(kind, out var known))
                _kinds.Add(kind, known = []);
            known.Add(word);
        }
    }

    // A word is what it says; one that we do not know is done when the bill has most of its rows.
    private bool? IsDone(int column, string word)
    {
        if (CellWords.IsDone(word) is { } known)
            return known;
        var rows = columns.Orders.Rows.Where(row => row[column] == word).ToList();
        return rows.Count(row => columns.Bill.ByNumber.ContainsKey(row[number])) * 2 > rows.Count ? true : null;
    }
}
