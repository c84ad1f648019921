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
        if (columns.Told("kind", column => $"you say so: {Learn(column, Meant(column, Words(column) ?? []))}")
            is { } told)
            return told;
        var named = new List<(int Column, KindWords Words)>();
        foreach (var column in Ranked(HeadingWords.Kind))
        {
            if (Words(column) is not { } words)
                continue;
            var meant = Meant(column, words);
            if (TellsKinds(column, meant))
                return columns.Take("kind", column, Learn(column, meant));
            if (HeadingWords.Is(columns.Orders.Headings[column], HeadingWords.Kind))
                named.Add((column, meant));
        }

        // What is called so and does not say what it is, somebody has to explain.
        if (named.Find(each => !each.Words.AreKnown && !each.Words.IsContradicted) is (var asked, { } unknown))
            return columns.Take("kind", asked, Learn(asked, unknown));
        var why = named is [(var other, var meanings), ..]
            ? $"{columns.Orders.Headings[other]} {meanings.WhyNot}"
            : "no such column";
        return columns.None("kind", $"{why}: all rows are payments, negative amounts refunds");
    }

    // A column of another name has to tell both kinds, and never otherwise than the bill.
    private bool TellsKinds(int column, KindWords words)
    {
        if (!words.AreKnown || words.IsContradicted)
            return false;
        if (IsNamed(column, HeadingWords.Kind))
            return words.AgreeMostly && !(words.IsLearned && words.ArePayments);
        return words.TellApart && (!words.IsLearned || (words.AreFew && MayBeKind(column, words)));
    }

    // In a small file much else stands beside refunds only: amounts, days, what another field is called.
    private bool MayBeKind(int column, KindWords words) =>
        !HeadingWords.OfOthers.Any(others => IsNamed(column, others))
        && !words.Meanings.Keys.Any(word => word.AsSpan().ContainsAny('.', ':', '/')
            || OrderColumns.TryReadTime(word, out _));

    private KindWords Meant(int column, List<string> words) => new(
        columns.Bill, words, columns.Rows(number).Select(row => (row.Cells[column], row.Line)));

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

    // Keeps what the words mean, asks for the others, and says both.
    private string Learn(int column, KindWords words)
    {
        foreach (var (word, kind) in words.Meanings)
        {
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

        var all = _kinds.Select(kind => $"{kind.Key.Name()} = {string.Join(" / ", kind.Value)}");
        return string.Join("; ", all) + (words.IsLearned ? ", as the bill has their numbers" : "");
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
