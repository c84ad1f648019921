using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Mapping;

/// <summary>What the words of one column say: payments, refunds or revocations. Words that nobody knows mean what the
/// bill has under the numbers of their rows.</summary>
internal sealed class KindWords
{
    // A word mistyped here and there does not change what it means.
    private const double MostRows = 0.9;

    private static readonly BillLineKind[] Kinds = [BillLineKind.Payment, BillLineKind.Refund, BillLineKind.Revoke];

    private readonly Dictionary<string, BillLineKind> _meanings = new(StringComparer.Ordinal);
    private readonly List<(string Word, BillLine Line)> _rows;
    private readonly List<BillLine> _blank;
    private readonly BillSample _bill;

    /// <param name="rows">What stands in the column in rows that the bill has too.</param>
    public KindWords(BillSample bill, IEnumerable<string> words, IEnumerable<(string Word, BillLine Line)> rows)
    {
        var all = rows.ToLookup(row => row.Word.Length == 0);
        (_bill, _rows, _blank) = (bill, [.. all[false]], [.. all[true].Select(row => row.Line)]);
        foreach (var word in words)
        {
            var known = CellWords.Kind(word);
            _meanings.Add(word, known is BillLineKind.None ? Learned(word) : known);
            IsLearned |= known is BillLineKind.None;
        }
    }

    /// <summary>Each word with what it means; none for those that a person has to explain.</summary>
    public IReadOnlyDictionary<string, BillLineKind> Meanings => _meanings;

    /// <summary>True when there are words that only the bill can explain.</summary>
    public bool IsLearned { get; }

    /// <summary>True when one word stands in the bill's payments and in its refunds: it tells something else.</summary>
    public bool IsContradicted { get; private set; }

    /// <summary>What rows with an empty cell are in the bill, none if now this and now that; and how many it has.
    /// </summary>
    public (BillLineKind Kind, int Rows) Blank =>
        (KindsOf(_blank) is [var kind] ? kind : BillLineKind.None, _blank.Count);

    /// <summary>Whether rows with an empty cell are refunds in the bill.</summary>
    public bool LeaveRefundsBlank => Blank.Kind is BillLineKind.Refund;

    public bool AreKnown => !_meanings.ContainsValue(BillLineKind.None);

    public bool ArePayments => _meanings.Values.All(kind => kind is BillLineKind.Payment);

    /// <summary>Whether the bill says the same of most rows.</summary>
    public bool AgreeMostly => Agreeing >= _rows.Count * MostRows;

    /// <summary>Whether there is a row that the bill has, and not as a payment.</summary>
    public bool MeetRefunds => _rows.Exists(row => !Has(row.Line, BillLineKind.Payment));

    /// <summary>Whether known words tell kinds, and the bill other ones.</summary>
    public bool SayOtherwise => AreKnown && !IsContradicted && !ArePayments && !AgreeMostly;

    /// <summary>Whether the bill says the same of all rows, and has more than one kind of them.</summary>
    public bool TellApart => Agreeing == _rows.Count
        && (_rows.Select(row => row.Line.Kind).Distinct().Count() > 1
            || (!IsLearned && MeetRefunds && Blank.Kind is BillLineKind.Payment));

    /// <summary>Whether there is one word for each kind, and more rows than words, so that it is no chance.</summary>
    public bool AreFew => _meanings.Values.Distinct().Count() == _meanings.Count && _rows.Count > _meanings.Count;

    /// <summary>Why the column is not taken, for people.</summary>
    public string WhyNot => IsContradicted ? "says the same of payments and refunds"
        : AgreeMostly && ArePayments ? "has payments only"
        : "says otherwise than the bill";

    private int Agreeing => _rows.Count(row => Has(row.Line, _meanings[row.Word]));

    private bool Has(BillLine line, BillLineKind kind) => _bill.ByKey.ContainsKey((line with { Kind = kind }).Key);

    private List<BillLineKind> KindsOf(List<BillLine> lines) =>
        [.. Kinds.Where(kind => lines.Count(line => Has(line, kind)) >= lines.Count * MostRows)];

    private BillLineKind Learned(string word)
    {
        var lines = _rows.Where(row => row.Word == word).Select(row => row.Line).ToList();
        if (lines.Count == 0)
            return BillLineKind.None;
        var kinds = KindsOf(lines);
        IsContradicted |= kinds.Count == 0;
        // A revocation has its payment's number.
        return kinds is [var kind] ? kind : BillLineKind.None;
    }
}
