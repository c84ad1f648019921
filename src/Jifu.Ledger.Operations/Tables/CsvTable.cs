using System.Globalization;
using System.Text;
using CsvHelper;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>A CSV file (RFC 4180) in the way that its readers need it.</summary>
/// <remarks>
/// Money is always a number. For Excel, text that holds a digit ends in a TAB, so that Excel neither rounds a long
/// number nor makes a date of an order number; text that it would take for a formula starts with an apostrophe.
/// Programs get the text as it is.
/// </remarks>
public sealed class CsvTable : ITable
{
    private const string FormulaStarts = "=+-@＝＋－＠";

    private readonly CsvWriter _csv;
    private readonly bool _guarded;

    /// <param name="stream">Is left open.</param>
    public CsvTable(Stream stream, CsvProfile profile, params ReadOnlySpan<string> headers)
    {
        _guarded = profile is not CsvProfile.Machine;
        _csv = Open(stream, profile);
        Header(headers);
    }

    public long Rows { get; private set; }

    /// <summary>A line of column names; a file of two parts has two.</summary>
    public void Header(params ReadOnlySpan<string> headers)
    {
        foreach (var header in headers)
            _csv.WriteField(header);
        _csv.EndRecord();
    }

    public ITable Text(string? text)
    {
        _csv.WriteField(_guarded ? Intact(text ?? "") : text ?? "");
        return this;
    }

    /// <summary>As <c>2026-11-21T08:00:00+08:00</c>.</summary>
    public ITable Moment(DateTimeOffset? moment)
    {
        var local = moment?.ToOffset(BusinessDay.Offset);
        _csv.WriteField(local?.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture) ?? "");
        return this;
    }

    public ITable Date(BusinessDay? day)
    {
        _csv.WriteField($"{day}");
        return this;
    }

    public ITable Count(long count)
    {
        _csv.WriteField(count, "0");
        return this;
    }

    public ITable Money(long minorUnits, string currency)
    {
        if (currency == nameof(Currency.JPY))
            _csv.WriteField(minorUnits, "0");
        else
            _csv.WriteField(minorUnits * 0.01m, "0.00");
        return this;
    }

    public ITable Blank(int cells = 1)
    {
        for (var i = 0; i < cells; i++)
            _csv.WriteField("");
        return this;
    }

    public ITable ToFillIn(int cells) => Blank(cells);

    public ITable ToChoose(IReadOnlyList<string> words) => Blank();

    public void EndRow()
    {
        _csv.EndRecord();
        Rows++;
    }

    /// <summary>Ends a line that is no row: of sums, or an empty one.</summary>
    public void EndExtra() => _csv.EndRecord();

    public void Dispose()
    {
        _csv.Flush();
        _csv.Dispose();
    }

    private static CsvWriter Open(Stream stream, CsvProfile profile)
    {
        var options = CsvWriterOptions.Default;
        if (profile is CsvProfile.Gb18030)
        {
            // GB18030 has a place for all of Unicode, which GBK has not.
            Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);
            return CsvWriter.Create(
                new StreamWriter(stream, Encoding.GetEncoding("GB18030"), leaveOpen: true), options, leaveOpen: false);
        }

        return CsvWriter.Create(stream, profile is CsvProfile.Excel
            ? options with { WriteByteOrderMark = true }
            : options with { NewLine = "\n" }, leaveOpen: true);
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
