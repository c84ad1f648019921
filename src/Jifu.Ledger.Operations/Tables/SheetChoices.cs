using DocumentFormat.OpenXml;
using X = DocumentFormat.OpenXml.Spreadsheet;

namespace Jifu.Ledger.Operations.Tables;

/// <summary>The words that Excel offers in cells of one sheet. Whoever writes another one is asked whether he means
/// it.</summary>
/// <remarks>All that is kept of a sheet while it is written, since Excel wants it behind the rows: one range for rows
/// that follow each other and offer the same.</remarks>
internal sealed class SheetChoices
{
    // Of so many ranges a list of cells is short enough for every reader.
    private const int RangesMax = 200;

    private readonly Dictionary<(int Column, string Words), List<(int First, int Last)>> _ranges = [];

    public void Add(int column, int row, IReadOnlyList<string> words)
    {
        if (words.Count == 0)
            return;
        var key = (column, string.Join(',', words));
        if (!_ranges.TryGetValue(key, out var ranges))
            _ranges.Add(key, ranges = []);
        if (ranges is [.., var last] && last.Last == row - 1)
            ranges[^1] = (last.First, row);
        else
            ranges.Add((row, row));
    }

    /// <summary>Null when no cell offers anything.</summary>
    public X.DataValidations? Element()
    {
        var all = _ranges.SelectMany(offer => offer.Value.Chunk(RangesMax)
            .Select(ranges => Validation(offer.Key.Column, offer.Key.Words, ranges))).ToList();
        return all.Count == 0 ? null : new(all) { Count = (uint)all.Count };
    }

    private static X.DataValidation Validation(int column, string words, (int First, int Last)[] ranges) => new(
        new X.Formula1($"\"{words}\""))
    {
        Type = X.DataValidationValues.List, AllowBlank = true, ShowErrorMessage = true,
        ErrorStyle = X.DataValidationErrorStyleValues.Warning, Error = $"可选：{words}",
        SequenceOfReferences = new ListValue<StringValue>(ranges.Select(range => new StringValue(
            range.First == range.Last
                ? CellName.Of(column, range.First)
                : $"{CellName.Of(column, range.First)}:{CellName.Of(column, range.Last)}"))),
    };
}
