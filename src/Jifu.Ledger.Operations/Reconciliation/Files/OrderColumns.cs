using System.Globalization;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Mapping;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Where an export has what its mapping names, and what the cells there mean.</summary>
internal sealed class OrderColumns
{
    private static readonly string[] Times =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd HH:mm", "yyyy/M/d H:mm:ss", "yyyy/M/d H:mm", "yyyy-MM-dd'T'HH:mm:ss",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyyMMddHHmmss", "yyyy-MM-dd", "yyyyMMdd",
    ];

    private static readonly string[] TimesWithOffset =
        ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz"];

    private const string OfMapping =
        " of the mapping (--save-mapping FILE writes down the guessed one: add the word, say --mapping FILE)";

    private readonly OrderMapping mapping;
    private readonly List<string> headings;

    public OrderColumns(OrderMapping mapping, List<string> headings)
    {
        (this.mapping, this.headings) = (mapping, headings);
        Count = headings.Count;
        (Number, Amount) = (Place(mapping.Number), Place(mapping.Amount));
        (RefundNumber, Refunded) = (Place(mapping.RefundNumber), Place(mapping.Refunded));
        (Kind, Fee, Status) = (Place(mapping.Kind), Place(mapping.Fee), Place(mapping.Status));
        (At, Reference, Merchant) = (Place(mapping.At), Place(mapping.Reference), Place(mapping.Merchant));
        CurrencyAt = headings.FindIndex(OtherCurrency.IsHeading);

        int Place(string? heading)
        {
            if (heading is null)
                return -1;
            var place = headings.IndexOf(Trimmed(heading));
            if (place < 0 || headings.LastIndexOf(Trimmed(heading)) != place)
                Missing ??= heading;
            return place;
        }
    }

    /// <summary>How many cells each row has.</summary>
    public int Count { get; }

    public int Number { get; }
    public int Amount { get; }

    // -1 where the mapping names none.
    public int RefundNumber { get; }
    public int Refunded { get; }
    public int Kind { get; }
    public int Fee { get; }
    public int Status { get; }
    public int At { get; }
    public int Reference { get; }
    public int Merchant { get; }

    /// <summary>Where rows say in which currency they are, whatever the mapping names.</summary>
    public int CurrencyAt { get; }

    /// <summary>A heading of the mapping that does not stand there exactly once; null when all do.</summary>
    public string? Missing { get; private set; }

    /// <summary>A cell without what spreadsheets and exports put around numbers to keep them text.</summary>
    public static string Trimmed(string cell) => cell is ['=', '"', .. var formula, '"']
        ? formula.Trim()
        : cell.Trim(' ', '\t', '\u00A0', '\u3000', '`', '\'');

    public OrderLine Line(DelimitedRows rows)
    {
        if (IsSum(rows))
            return SumRow.Line(rows.Line);
        if (rows.Cells.Count != Count)
        {
            var end = rows.Cells[^1];
            throw rows.Reject(
                BillRejection.BillRowMalformed, end.Column + end.Text.Length,
                $"{Count} cells as in the headings, not {rows.Cells.Count}");
        }

        // Who has not paid may have no number and no amount yet.
        var status = StatusOf(rows);
        var isDone = status is null;
        if (isDone && !OtherCurrency.IsYuan(Text(rows, CurrencyAt)))
            throw Reject(
                rows, CurrencyAt, BillRejection.BillRowMalformed, "yuan (CNY): no other currency is compared");
        var signed = AmountOf(rows, isDone);
        var kind = KindOf(rows, signed, isDone);
        var name = TextIfAny(rows, kind is BillLineKind.Refund ? RefundNumber : -1);
        if (name.Length == 0)
            name = Text(rows, Number);
        if (isDone && (name.Length == 0 || RoundedNumber.IsScientific(name)))
            throw Reject(
                rows, Number, BillRejection.BillRowMalformed,
                name.Length == 0 ? "a number" : $"an order's number ({RoundedNumber.Advice})");
        var minor = kind is not BillLineKind.Payment && mapping.NegativeRefunds ? -signed : signed;
        if (minor < 0 && isDone)
            throw Reject(rows, Amount, BillRejection.BillAmountMalformed, "an amount that is not negative");
        return new(
            kind, name, Text(rows, Reference), new(minor, Currency.CNY), FeeOf(rows, kind, isDone), status,
            Time(rows), Text(rows, Merchant), rows.Line);
    }

    /// <summary>How much of a row's order was refunded, whatever its sign; zero where nothing stands.</summary>
    public long RefundedMinor(DelimitedRows rows) =>
        Refunded < 0 || IsSum(rows) || Text(rows, Refunded) is "" or "-" or "--" ? 0
        : TryReadMinor(rows.Cells[Refunded].Text, exact: true, out var minor) ? Math.Abs(minor)
        : throw NoAmount(rows, Refunded);

    /// <summary>Reads an amount in the mapping's unit.</summary>
    /// <param name="exact">Refuse what is not whole fen; otherwise it is rounded.</param>
    public bool TryReadMinor(string cell, bool exact, out long minor) =>
        OrderAmount.TryRead(Trimmed(cell), mapping.Unit, exact, out minor);

    /// <summary>Whether a fee has the other sign in the export than it counts with.</summary>
    public bool TurnsFee(BillLineKind kind) =>
        kind is BillLineKind.Payment ? mapping.NegativeFees : mapping.PositiveRefundFees;

    /// <summary>Null for an empty cell.</summary>
    public static bool TryReadTime(string cell, out DateTimeOffset? at)
    {
        var text = Trimmed(cell);
        var culture = CultureInfo.InvariantCulture;
        at = null;
        // The usual form first: trying them all takes ten times as long.
        if ((BillTime.TryRead(text, out var beijing)
            || DateTime.TryParseExact(text, Times, culture, DateTimeStyles.None, out beijing)) && beijing.Year > 1)
            at = new(beijing, BusinessDay.Offset);
        else if (DateTimeOffset.TryParseExact(text, TimesWithOffset, culture, DateTimeStyles.None, out var moment)
            && moment.Year is > 1 and < 9999)
            at = moment;
        // As workbooks have a time whose column nobody has formatted: days since 1899-12-30, 46345.5 for noon.
        else if (IsDays(text)
            && CellReading.Date(text, from1904: false) is { } days
            && DateTime.TryParseExact(days, Times, culture, DateTimeStyles.None, out var local))
            at = new(local, BusinessDay.Offset);
        return at is not null || text.Length == 0;
    }

    // Of this century, nearly: a number of any other length is none.
    private static bool IsDays(string text) => text is [>= '3' and <= '7', _, _, _, _] or
        [>= '3' and <= '7', _, _, _, _, '.', _, ..];

    /// <summary>Whether a row, its cells trimmed, sums up others: where the number stands it says so, or nothing stands
    /// there; or is of a printed page. One that has a time does not. Spreadsheets save empty rows as separators.
    /// </summary>
    public bool IsSum(List<string> cells)
    {
        var name = TextIfAny(cells, Number);
        return ((name.Length == 0 ? SumRow.BeginsAsOrIsEmpty(cells) : SumRow.Is(name))
                || PrintedRow.Is(cells, headings))
            && !(TryReadTime(TextIfAny(cells, At), out var at) && at is not null);
    }

    // Most numbers tell by their first character that they are none.
    private bool IsSum(DelimitedRows rows)
    {
        var name = TextIfAny(rows, Number);
        return (name.Length == 0 || SumRow.MayBegin(name[0]) || name == headings[Number])
            && IsSum(rows.Texts(Trimmed));
    }

    private static string TextIfAny(DelimitedRows rows, int place) =>
        place < rows.Cells.Count ? Text(rows, place) : "";

    private static string TextIfAny(List<string> cells, int place) =>
        place >= 0 && place < cells.Count ? cells[place] : "";

    private static string Text(DelimitedRows rows, int place) => place < 0 ? "" : Trimmed(rows.Cells[place].Text);

    // Null for a row that is done.
    private string? StatusOf(DelimitedRows rows)
    {
        var said = Text(rows, Status);
        return Status < 0 || mapping.SuccessWords.Contains(said) ? null
            : mapping.NotDoneWords is not { } notDone || notDone.Contains(said) ? said
            : throw Reject(
                rows, Status, BillRejection.BillRowMalformed, $"one of success_words or not_done_words{OfMapping}");
    }

    private BillLineKind KindOf(DelimitedRows rows, long signed, bool isDone)
    {
        if (Kind < 0)
            return signed < 0 && mapping.NegativeRefunds ? BillLineKind.Refund : BillLineKind.Payment;
        var word = Text(rows, Kind);
        return mapping.PaymentWords.Contains(word) ? BillLineKind.Payment
            : mapping.RefundWords.Contains(word) ? BillLineKind.Refund
            : mapping.RevokeWords.Contains(word) ? BillLineKind.Revoke
            : word.Length == 0 && !isDone ? BillLineKind.Payment
            : throw Reject(
                rows, Kind, BillRejection.BillRowMalformed,
                $"one of payment_words, refund_words or revoke_words{OfMapping}");
    }

    private long AmountOf(DelimitedRows rows, bool isDone) =>
        TryReadMinor(rows.Cells[Amount].Text, exact: true, out var minor) ? minor
        : !isDone ? 0
        : throw NoAmount(rows, Amount);

    // An empty cell tells none, as a missing column does.
    private Money? FeeOf(DelimitedRows rows, BillLineKind kind, bool isDone) =>
        Fee < 0 || Text(rows, Fee).Length == 0 ? null
        : TryReadMinor(rows.Cells[Fee].Text, exact: false, out var minor)
            ? new(TurnsFee(kind) ? -minor : minor, Currency.CNY)
        : !isDone ? null
        : throw NoAmount(rows, Fee);

    private BillRejectedException NoAmount(DelimitedRows rows, int place) => Reject(
        rows, place, BillRejection.BillAmountMalformed,
        mapping.Unit is AmountUnit.Fen ? "whole fen" : "yuan with at most 2 decimals");

    private DateTimeOffset? Time(DelimitedRows rows) =>
        At < 0 ? null
        : TryReadTime(rows.Cells[At].Text, out var at) ? at
        : throw Reject(rows, At, BillRejection.BillTimeMalformed, "a time such as 2026-11-20 08:00:00");

    private static BillRejectedException Reject(DelimitedRows rows, int place, BillRejection code, string expected) =>
        rows.Reject(code, rows.Cells[place].Column, $"{expected}, not '{rows.Cells[place].Text}'");
}
