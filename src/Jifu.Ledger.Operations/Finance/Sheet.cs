using System.Globalization;
using CsvHelper;

namespace Jifu.Ledger.Operations.Finance;

/// <summary>A CSV file that Excel opens as it was meant: UTF-8 with BOM, CRLF, RFC 4180.</summary>
/// <remarks>
/// Money is always a number. Text that holds a digit ends in a TAB, so that Excel neither rounds a long number nor
/// makes a date of an order number; text that it would take for a formula starts with an apostrophe.
/// </remarks>
internal sealed class Sheet : IDisposable
{
    private const string FormulaStarts = "=+-@＝＋－＠";
    private static readonly CsvWriterOptions Excel = CsvWriterOptions.Default with { WriteByteOrderMark = true };

    private readonly CsvWriter _csv;

    public Sheet(Stream stream, params ReadOnlySpan<string> headers)
    {
        _csv = CsvWriter.Create(stream, Excel, leaveOpen: true);
        Header(headers);
    }

    /// <summary>Rows without headers and sums.</summary>
    public long Rows { get; private set; }

    /// <summary>A line of column names; a file of two parts has two.</summary>
    public void Header(params ReadOnlySpan<string> headers)
    {
        foreach (var header in headers)
            _csv.WriteField(header);
        _csv.EndRecord();
    }

    public Sheet Text(string? text)
    {
        _csv.WriteField(Intact(text ?? ""));
        return this;
    }

    /// <summary>A moment by Beijing time: <c>2026-11-21T08:00:00+08:00</c>.</summary>
    public Sheet Moment(DateTimeOffset moment)
    {
        var local = moment.ToOffset(BusinessDay.Offset);
        _csv.WriteField(local.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
        return this;
    }

    public Sheet Count(long count)
    {
        _csv.WriteField(count, "0");
        return this;
    }

    /// <summary>An amount in the currency's main unit, with as many decimals as it has: <c>-100.50</c>.</summary>
    public Sheet Money(long minorUnits, string currency)
    {
        if (currency == nameof(Currency.JPY))
            _csv.WriteField(minorUnits, "0");
        else
            _csv.WriteField(minorUnits * 0.01m, "0.00");
        return this;
    }

    public Sheet Blank(int cells = 1)
    {
        for (var i = 0; i < cells; i++)
            _csv.WriteField("");
        return this;
    }

    public void EndRow()
    {
        _csv.EndRecord();
        Rows++;
    }

    /// <summary>The last lines: sums, one line for each currency; zeros of yuan for a file without rows.</summary>
    /// <param name="before">Empty cells between the word and the currency.</param>
    /// <param name="after">Empty cells after the last sum.</param>
    public void Totals(Sums sums, int before, int after)
    {
        foreach (var currency in sums.Currencies.DefaultIfEmpty(nameof(Currency.CNY)))
        {
            Text("合计").Blank(before).Text(currency);
            foreach (var name in sums.Names)
                Money(sums.Of(currency, name), currency);
            Blank(after);
            EndExtra();
        }
    }

    /// <summary>Ends a line that is no row: of sums, or an empty one.</summary>
    public void EndExtra() => _csv.EndRecord();

    public void Dispose()
    {
        _csv.Flush();
        _csv.Dispose();
    }

    private static string Intact(string text)
    {
        var first = text.FirstOrDefault(c => !char.IsWhiteSpace(c) && !IsUnseen(c));
        var formula = FormulaStarts.Contains(first, StringComparison.Ordinal) && first != default;
        var start = text.Length > 0 && char.IsControl(text[0]);
        var end = text.Any(char.IsDigit) ? "\t" : "";
        return formula || start ? $"'{text}{end}" : $"{text}{end}";
    }

    // Zero-width marks and controls show nothing, so what follows them is what Excel sees first.
    private static bool IsUnseen(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) == UnicodeCategory.Format;
}
