using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>Divides a row into cells. Nothing is quoted, and a text such as a product's name may hold commas; then
/// times and amounts, which cannot be mistaken, show where the text begins and ends. Two ways to read a row are
/// none.</summary>
internal sealed class AnchoredCells<THeading>(BillText file, BillHeader<THeading> header) where THeading : struct, Enum
{
    private const int CommasMax = 64;

    private readonly List<Range> pieces = [];
    private readonly Cell[] kinds = [.. header.Names.Select((name, place) => KindOf(name, place, header))];
    private readonly Range[] cells = new Range[header.Count], trimmed = new Range[header.Count];
    private readonly bool[] dead = new bool[(header.Count + 1) * (CommasMax + 1)];

    private enum Cell { Any, Free, Time, Amount }

    /// <summary>The cells of a row, until the next row is divided.</summary>
    public BillCells<THeading> Of(string line)
    {
        pieces.Clear();
        for (var start = 0; start >= 0;)
        {
            var end = line.IndexOf(',', start);
            pieces.Add(start..(end < 0 ? line.Length : end));
            start = end < 0 ? -1 : end + 1;
        }

        var extra = pieces.Count - header.Count;
        // As many as headings: there is no other way, and a cell that does not fit will say what is wrong with it.
        if (extra == 0)
            pieces.CopyTo(cells);
        else if (Ways(line, extra) is var ways && ways != 1)
            throw file.Reject(
                BillRejection.BillRowMalformed, line.Length + 1,
                ways > 1 ? "a row that can be divided in one way" : $"{header.Count} cells as in the headings, "
                    + $"not {pieces.Count}");
        for (var column = 0; column < cells.Length; column++)
            trimmed[column] = Trimmed(line, cells[column]);
        return new(line, trimmed, file, header);
    }

    private int Ways(string line, int extra)
    {
        dead.AsSpan().Clear();
        return extra is > 0 and <= CommasMax ? Place(line, 0, 0, extra) : 0;
    }

    // How many ways there are to divide the pieces from one on; leaves the cells of the last way found. Two are enough,
    // and where there was none there is none the next time.
    private int Place(string line, int column, int piece, int extra)
    {
        ref var isDead = ref dead[(column * (CommasMax + 1)) + extra];
        if (isDead || column == header.Count)
            return isDead || extra > 0 ? 0 : 1;
        var ways = 0;
        for (var more = 0; more <= (kinds[column] is Cell.Free ? extra : 0) && ways < 2; more++)
        {
            var cell = Join(piece, more);
            if (!Fits(line.AsSpan(Trimmed(line, cell)), kinds[column]))
                continue;
            var found = Place(line, column + 1, piece + 1 + more, extra - more);
            if (found > 0)
                cells[column] = cell;
            ways += found;
        }

        isDead = ways == 0;
        return ways;
    }

    private Range Join(int piece, int more) => pieces[piece].Start..pieces[piece + more].End;

    private static Range Trimmed(string line, Range cell)
    {
        var (from, to) = (cell.Start.Value, cell.End.Value);
        while (from < to && line[from] is ' ' or '\t')
            from++;
        while (to > from && line[to - 1] is ' ' or '\t')
            to--;
        return from..to;
    }

    // Of texts side by side the first has all commas: where one ends and the next begins nothing shows, and it makes no
    // difference to what stands beside them.
    private static Cell KindOf(string heading, int place, BillHeader<THeading> header) =>
        IsText(place, header) ? place > 0 && IsText(place - 1, header) ? Cell.Any : Cell.Free
        : heading.EndsWith("时间", StringComparison.Ordinal) ? Cell.Time
        : heading.EndsWith("元)", StringComparison.Ordinal) || heading.EndsWith("金额", StringComparison.Ordinal)
            ? Cell.Amount
        : Cell.Any;

    private static bool IsText(int place, BillHeader<THeading> header) =>
        header.Names[place] is "商品名称" or "备注" or "业务描述" or "券名称" or "门店名称"
        && !header.Names.Take(place).Contains(header.Names[place]);

    private static bool Fits(ReadOnlySpan<char> cell, Cell kind) => kind switch
    {
        Cell.Time => BillTime.TryRead(cell, out _),
        // Half of an amount that has a comma of its own, such as 1,234.50, is none.
        Cell.Amount => cell.IsEmpty || (cell is [.., '.', _, _] && Yuan.TryRead(cell, Yuan.Fen, out _)),
        _ => true,
    };
}
