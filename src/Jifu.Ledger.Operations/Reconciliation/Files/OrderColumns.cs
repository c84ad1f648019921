using System.Globalization;
using Jifu.Ledger.Channels.Bills;
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

    private readonly OrderMapping mapping;
    private readonly int number, amount, kind, fee, status, at, reference, merchant, count;

    public OrderColumns(OrderMapping mapping, List<string> headings)
    {
        this.mapping = mapping;
        count = headings.Count;
        (number, amount) = (Place(mapping.Number), Place(mapping.Amount));
        (kind, fee, status) = (Place(mapping.Kind), Place(mapping.Fee), Place(mapping.Status));
        (at, reference, merchant) = (Place(mapping.At), Place(mapping.Reference), Place(mapping.Merchant));

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

    /// <summary>A heading of the mapping that does not stand there exactly once; null when all do.</summary>
    public string? Missing { get; private set; }

    /// <summary>A cell without what spreadsheets and exports put around numbers to keep them text.</summary>
    public static string Trimmed(string cell) => cell is ['=', '"', .. var formula, '"']
        ? formula.Trim()
        : cell.Trim(' ', '\t', '\u00A0', '\u3000', '`', '\'');

    public OrderLine Line(DelimitedRows rows)
    {
        if (rows.Cells.Count != count)
        {
            var end = rows.Cells[^1];
            throw rows.Reject(
                BillRejection.BillRowMalformed, end.Column + end.Text.Length,
                $"{count} cells as in the headings, not {rows.Cells.Count}");
        }

        var name = Text(rows, number);
        if (name.Length == 0)
            throw Reject(rows, number, BillRejection.BillRowMalformed, "a number");
        var signed = Minor(rows, amount, exact: true);
        var lineKind = KindOf(rows, signed);
        var flips = lineKind is not BillLineKind.Payment && mapping.NegativeRefunds;
        var minor = flips ? -signed : signed;
        if (minor < 0)
            throw Reject(rows, amount, BillRejection.BillAmountMalformed, "an amount that is not negative");
        var said = Text(rows, status);
        return new(
            lineKind, name, Text(rows, reference), new(minor, Currency.CNY),
            fee < 0 ? null : new(Minor(rows, fee, exact: false), Currency.CNY),
            status < 0 || mapping.SuccessWords.Contains(said) ? null : said, Time(rows), Text(rows, merchant),
            rows.Line);
    }

    private static string Text(DelimitedRows rows, int place) => place < 0 ? "" : Trimmed(rows.Cells[place].Text);

    private BillLineKind KindOf(DelimitedRows rows, long signed)
    {
        if (kind < 0)
            return signed < 0 && mapping.NegativeRefunds ? BillLineKind.Refund : BillLineKind.Payment;
        var word = Text(rows, kind);
        return mapping.PaymentWords.Contains(word) ? BillLineKind.Payment
            : mapping.RefundWords.Contains(word) ? BillLineKind.Refund
            : mapping.RevokeWords.Contains(word) ? BillLineKind.Revoke
            : throw Reject(
                rows, kind, BillRejection.BillRowMalformed, "one of the mapping's words for payment, refund, revoke");
    }

    private long Minor(DelimitedRows rows, int place, bool exact) =>
        OrderAmount.TryRead(Text(rows, place), mapping.Unit is AmountUnit.Fen ? 0 : 2, exact, out var minor)
            ? minor
            : throw Reject(
                rows, place, BillRejection.BillAmountMalformed,
                mapping.Unit is AmountUnit.Fen ? "whole fen" : "yuan with at most 2 decimals");

    private DateTimeOffset? Time(DelimitedRows rows)
    {
        if (at < 0)
            return null;
        var text = Text(rows, at);
        if (text.Length == 0)
            return null;
        var culture = CultureInfo.InvariantCulture;
        if (DateTime.TryParseExact(text, Times, culture, DateTimeStyles.None, out var beijing) && beijing.Year > 1)
            return new(beijing, BusinessDay.Offset);
        return DateTimeOffset.TryParseExact(text, TimesWithOffset, culture, DateTimeStyles.None, out var moment)
            && moment.Year is > 1 and < 9999
            ? moment
            : throw Reject(rows, at, BillRejection.BillTimeMalformed, "a time such as 2026-11-20 08:00:00");
    }

    private static BillRejectedException Reject(DelimitedRows rows, int place, BillRejection code, string expected) =>
        rows.Reject(code, rows.Cells[place].Column, $"{expected}, not '{rows.Cells[place].Text}'");
}
