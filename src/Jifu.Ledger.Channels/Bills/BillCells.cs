namespace Jifu.Ledger.Channels.Bills;

/// <summary>The cells of one line of a bill, by their headings; a column that the file does not have reads as empty.
/// </summary>
internal sealed class BillCells<THeading>(
    string line, Range[] cells, BillText file, BillHeader<THeading> header) where THeading : struct, Enum
{
    private const int SaidMax = 60;

    /// <summary>What the file says; empty for a column that it does not have.</summary>
    public string Text(THeading heading) =>
        header.PlaceOf(heading) is >= 0 and var place ? header.Text(place, line.AsSpan(cells[place])) : "";

    public bool Has(THeading heading) => header.Has(heading);

    /// <summary>A number that stands for something: <c>0</c> and nothing mean that there is none.</summary>
    public string? Number(THeading heading) => Text(heading) is { Length: > 0 } text and not "0"
        ? text.Contains('"', StringComparison.Ordinal)
            ? throw Reject(BillRejection.BillRowMalformed, heading, "a number without quotes")
            : text
        : null;

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

    /// <summary>An amount of CNY that goes out, positive, whichever way the file writes it.</summary>
    public Money Outgoing(THeading heading, OneSign sign) => sign.TryTake(Units(heading, Yuan.Fen), out var fen)
        ? new(fen, Currency.CNY)
        : throw Reject(BillRejection.BillSignsDiffer, heading, "the same sign as in the rows above");

    public DateTimeOffset Time(THeading heading) =>
        BillTime.TryRead(Text(heading), out var time) && time.Year > 1
            ? new(time, BusinessDay.Offset)
            : throw Reject(BillRejection.BillTimeMalformed, heading, "Beijing time as yyyy-MM-dd HH:mm:ss");

    /// <summary>The same, which must be on a day; null stands for any.</summary>
    public DateTimeOffset Time(THeading heading, BusinessDay? day) =>
        Time(heading) is var at && (day is null || BusinessDay.Of(at) == day)
            ? at
            : throw Reject(BillRejection.BillDayDiffers, heading, $"{day}");

    public BillRejectedException Reject(BillRejection code, THeading heading, string expected) =>
        Rejection(code, heading)(expected);

    /// <summary>Why a cell is refused, once somebody knows what should stand there: this remembers what does, and
    /// where, when the file has been read on.</summary>
    public Func<string, BillRejectedException> Rejection(BillRejection code, THeading heading)
    {
        var (name, line) = (file.FileName, Math.Max(1, file.Line));
        var column = Has(heading) ? cells[header.PlaceOf(heading)].Start.Value + 1 : 1;
        var said = Text(heading) is { Length: > SaidMax } text ? text[..SaidMax] + "…" : Text(heading);
        return expected => new(
            code, name, line, column, $"{expected} ({SnakeCase.Of($"{heading}")}), not '{said}'");
    }
}
