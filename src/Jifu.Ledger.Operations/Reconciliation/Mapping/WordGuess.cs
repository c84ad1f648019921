using System.Runtime.InteropServices;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>Finds the column of an order export that tells payments from refunds, and what its words mean.</summary>
internal sealed class WordGuess(ColumnGuess columns, int amount)
{
    public const int WordsMax = 20;

    private readonly Dictionary<BillLineKind, List<string>> _kinds = [];
    private int? _column;

    /// <summary>The column that tells payments from refunds.</summary>
    public int? Kind() => _column = Find();

    /// <summary>What a row is: by its word, else by its sign; none when its word says nothing.</summary>
    public BillLineKind Of(IReadOnlyList<string> row) => _column is { } column
        ? _kinds.FirstOrDefault(kind => kind.Value.Contains(row[column])).Key
        : IsNegative(row) ? BillLineKind.Refund : BillLineKind.Payment;

    /// <summary>True when refunds carry a minus sign.</summary>
    public bool NegativeRefunds() => columns.Orders.Rows.Any(row =>
        IsNegative(row) && Of(row) is BillLineKind.Refund or BillLineKind.Revoke);

    /// <summary>The mapping with the words that were found added to those that it knows.</summary>
    public OrderMapping Fill(OrderMapping mapping) => mapping with
    {
        PaymentWords = With(mapping.PaymentWords, BillLineKind.Payment),
        RefundWords = With(mapping.RefundWords, BillLineKind.Refund),
        RevokeWords = With(mapping.RevokeWords, BillLineKind.Revoke),
    };

    /// <summary>A column's words; null for one that says something else in each row.</summary>
    public static List<string>? Words(ColumnGuess columns, int column)
    {
        var words = columns.Orders.Values(column).Distinct().Take(WordsMax + 1).ToList();
        return words.Count is > 0 and <= WordsMax ? words : null;
    }

    private int? Find()
    {
        if (columns.Told("kind", column => $"you say so: {Learn(column, Meant(column, Words(columns, column) ?? []))}")
            is { } told)
            return told;
        var named = new List<(int Column, KindWords Words)>();
        foreach (var column in columns.Ranked(HeadingWords.Kind))
        {
            if (Words(columns, column) is not { } words)
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
        if (named.Find(each => each.Words.SayOtherwise) is (var doubtful, { } otherwise))
            return Doubtful(doubtful, otherwise);
        var why = named is [(var other, var meanings), ..]
            ? $"{columns.Orders.Headings[other]} {meanings.WhyNot}"
            : "no such column";
        return columns.None("kind", $"{why}: all rows are payments, negative amounts refunds");
    }

    // Without it refunds would count as payments, and with it, perhaps, payments as refunds.
    private int? Doubtful(int column, KindWords words)
    {
        columns.Doubt($"Column {columns.Orders.Headings[column]} calls rows refunds that the bill has as payments, or "
            + "payments that it has as refunds. If it tells what the rows are, export the numbers that the bill has of "
            + "refunds, too (商户退款单号); if it does not, leave kind out of a mapping file.");
        return columns.Take("kind", column, Learn(column, words));
    }

    // A column of another name has to tell both kinds, and never otherwise than the bill.
    private bool TellsKinds(int column, KindWords words)
    {
        if (!words.AreKnown || words.IsContradicted)
            return false;
        if (IsNamed(column, HeadingWords.Kind))
            return words.AgreeMostly
                && !(words.ArePayments && !words.LeaveRefundsBlank
                    && (words.IsLearned || CallsRefundsPayments(words)));
        return words.TellApart && (!words.IsLearned || (words.AreFew && MayBeKind(column, words)));
    }

    private bool CallsRefundsPayments(KindWords words) =>
        words.MeetRefunds || columns.Orders.Rows.Any(IsNegative);

    // As it will be read: -0.00 is nothing, and ￥-5.00 is less.
    private bool IsNegative(IReadOnlyList<string> row) =>
        OrderAmount.TryRead(row[amount], AmountUnit.Yuan, exact: false, out var minor) && minor < 0;

    // In a small file much else stands beside refunds only: amounts, days, what another field is called.
    private bool MayBeKind(int column, KindWords words) =>
        !HeadingWords.OfOthers.Any(others => IsNamed(column, others))
        && !words.Meanings.Keys.Any(word => word.AsSpan().ContainsAny('.', ':', '/')
            || OrderColumns.TryReadTime(word, out _));

    private KindWords Meant(int column, List<string> words) => new(
        columns.Bill, words, columns.Rows().Select(row => (row.Cells[column], row.Line)));

    private ValueList<string> With(ValueList<string> known, BillLineKind kind) =>
        _kinds.TryGetValue(kind, out var found) ? found.ToValueList() : known;

    private bool IsNamed(int column, string[] words) =>
        HeadingWords.Rank(columns.Orders.Headings[column], words) > 0;

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

            (CollectionsMarshal.GetValueRefOrAddDefault(_kinds, kind, out _) ??= []).Add(word);
        }

        var blank = Blank(column, words);
        if (blank is not BillLineKind.None)
            (CollectionsMarshal.GetValueRefOrAddDefault(_kinds, blank, out _) ??= []).Add("");
        var all = _kinds.Select(kind => $"{kind.Key.Name()} = {string.Join(" / ", kind.Value.Select(Shown))}");
        return string.Join("; ", all) + (words.IsLearned ? ", as the bill has their numbers" : "");
    }

    // What an empty cell says: what the bill has of such rows, and where the words are all of refunds, that it is none.
    private BillLineKind Blank(int column, KindWords words)
    {
        if (!columns.Orders.Rows.Any(row => row[column].Length == 0 && columns.IsNumbered(row)))
            return BillLineKind.None;
        var (learned, rows) = words.Blank;
        if (learned is BillLineKind.None && rows > 0)
            columns.Doubt($"An empty cell in column {columns.Orders.Headings[column]} stands in rows that the bill has "
                + "as payments and in others that it has as refunds. Say which in payment_words or refund_words of a "
                + "mapping file (\"\" is an empty cell), or leave kind out there.");
        return rows > 0 ? learned
            : words.Meanings.Values.All(kind => kind is BillLineKind.Refund or BillLineKind.Revoke)
                ? BillLineKind.Payment : BillLineKind.None;
    }

    private static string Shown(string word) => word.Length == 0 ? "(empty)" : word;
}
