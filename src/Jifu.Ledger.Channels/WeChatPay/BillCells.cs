using System.Globalization;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.WeChatPay;

/// <summary>The cells of one line of a bill. A back-quote begins each of them, so that a comma may stand inside; a
/// column that the file does not have reads as empty.</summary>
internal sealed class BillCells<THeading> where THeading : struct, Enum
{
    private readonly string line;
    private readonly BillText file;
    private readonly BillHeader<THeading> header;
    private readonly List<Range> cells = [];

    public BillCells(string line, BillText file, BillHeader<THeading> header)
    {
        (this.line, this.file, this.header) = (line, file, header);
        if (line is not ['`', ..])
            throw file.Reject(BillRejection.BillRowMalformed, 1, "a back-quote before the first cell");

        for (var start = 1; start >= 0;)
        {
            var end = line.IndexOf(",`", start, StringComparison.Ordinal);
            cells.Add(end < 0 ? start.. : start..end);
            start = end < 0 ? -1 : end + 2;
        }

        if (cells.Count != header.Count)
        {
            var code = file.LineIsOpen ? BillRejection.BillTruncated : BillRejection.BillRowMalformed;
            throw file.Reject(code, line.Length + 1, $"{header.Count} cells as in the headings, not {cells.Count}");
        }
    }

    /// <summary>What the file says; empty for a column that it does not have.</summary>
    public string Text(THeading heading) => header.PlaceOf(heading) is >= 0 and var place ? line[cells[place]] : "";

    public bool Has(THeading heading) => header.PlaceOf(heading) >= 0;

    /// <summary>A number that stands for something: <c>0</c> and nothing mean that there is none.</summary>
    public string? Number(THeading heading) => Text(heading) is { Length: > 0 } text and not "0" ? text : null;

    public string RequiredNumber(THeading heading) =>
        Number(heading) ?? throw Reject(BillRejection.BillRowMalformed, heading, "a number");

    /// <summary>Yuan as units of the last of so many decimals; zero for a column that the file does not have.</summary>
    public long Units(THeading heading, int decimals)
    {
        if (!Has(heading))
            return 0;
        return Yuan.TryRead(Text(heading), decimals, out var units)
            ? units
            : throw Reject(BillRejection.BillAmountMalformed, heading, $"yuan with at most {decimals} decimals");
    }

    /// <summary>An amount of CNY, never negative.</summary>
    public Money Amount(THeading heading) => Units(heading, Yuan.Fen) is >= 0 and var fen
        ? new(fen, Currency.CNY)
        : throw Reject(BillRejection.BillAmountMalformed, heading, "yuan, not negative");

    public DateTimeOffset Time(THeading heading) =>
        DateTime.TryParseExact(
            Text(heading), "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year > 1
            ? new(time, BusinessDay.Offset)
            : throw Reject(BillRejection.BillTimeMalformed, heading, "Beijing time as yyyy-MM-dd HH:mm:ss");

    public BillRejectedException Reject(BillRejection code, THeading heading, string expected)
    {
        var column = Has(heading) ? cells[header.PlaceOf(heading)].Start.Value + 1 : 1;
        return file.Reject(code, column, $"{expected} ({SnakeCase.Of($"{heading}")}), not '{Text(heading)}'");
    }
}
