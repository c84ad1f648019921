using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Operations.Tables;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>The differences that need somebody as a CSV file, to be filled in by people or programs
/// (<see cref="DifferenceForm"/>).</summary>
/// <remarks>Encoding and separator are found out, and what programs for tables do to a cell is undone: quotes, the
/// guard against formulas, days written <c>2026/11/30</c>.</remarks>
public static partial class DifferenceCsv
{
    private const string Separators = ",;\t";

    /// <param name="day">Today's business day: ages count from it.</param>
    public static void Write(Stream stream, CsvProfile profile, IEnumerable<DifferenceLifeRow> rows, BusinessDay day)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var isForPrograms = profile is CsvProfile.Machine;
        string[] headings = isForPrograms
            ? [.. DifferenceForm.Names]
            : [.. DifferenceForm.Columns.Select(column => column.Heading)];
        using var table = new CsvTable(stream, profile, headings);
        DifferenceForm.Write(table, rows, day, isForPrograms);
    }

    /// <summary>The rows with an action.</summary>
    /// <param name="blank">How many rows have none.</param>
    /// <exception cref="CsvRejectedException">It is no such file, or too long.</exception>
    public static IReadOnlyList<FilledRow> Read(ReadOnlySpan<byte> content, string file, out int blank)
    {
        var text = Decoded(content, file);
        try
        {
            var filled = DifferenceForm.Read(Rows(text, file), out var without);
            blank = without ?? throw new CsvRejectedException(file, 1, "a line of headings is expected");
            return filled;
        }
        catch (BillRejectedException broken)
        {
            throw new CsvRejectedException(
                file, broken.Line, $"{broken.Expected} is expected at character {broken.Column}");
        }
    }

    private static IEnumerable<FormRow> Rows(string text, string file)
    {
        var first = text.Split('\n', 2)[0];
        var separator = Separators.MaxBy(letter => first.Count(each => each == letter));
        using var reader = new StringReader(text);
        var rows = new DelimitedRows(reader, file, separator);
        string[]? headings = null;
        while (rows.Next())
        {
            string[] cells = [.. rows.Texts(Plain)];
            headings ??= cells;
            var (line, names) = (rows.Line, headings);
            yield return new(
                cells, column => $"line {line}, column {CellName.Column(column)} ({names[column]})",
                expected => new CsvRejectedException(file, line, expected));
        }
    }

    private static string Plain(string cell)
    {
        var text = cell.Trim();
        text = text is ['\'', .. var guarded] ? guarded : text;
        return SlashedDay.Match(text) is { Success: true } day
            ? string.Create(CultureInfo.InvariantCulture, $"{Part(day, 1):D4}-{Part(day, 2):D2}-{Part(day, 3):D2}")
            : text;
    }

    private static int Part(Match day, int group) =>
        int.Parse(day.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    private static string Decoded(ReadOnlySpan<byte> content, string file)
    {
        if (content is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new CsvRejectedException(
                file, 1, "UTF-8 or GB18030 is expected, not UTF-16: save it as CSV UTF-8");
        var plain = content is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : content;
        if (SeparatedText.IsUtf8(plain, isWhole: true))
            return SeparatedText.Strict(isUtf8: true).GetString(plain);
        try
        {
            return SeparatedText.Strict(isUtf8: false).GetString(content);
        }
        catch (DecoderFallbackException)
        {
            throw new CsvRejectedException(file, 1, "text in UTF-8 or GB18030 is expected");
        }
    }

    [GeneratedRegex("^([0-9]{4})[/-]([0-9]{1,2})[/-]([0-9]{1,2})$")]
    private static partial Regex SlashedDay { get; }
}
