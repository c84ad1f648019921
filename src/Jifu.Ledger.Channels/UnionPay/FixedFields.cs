using System.Globalization;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>A line of UnionPay's files: fields of fixed widths in bytes, one space between two. Columns of what is
/// wrong count bytes.</summary>
/// <remarks>Fields that we do not know may follow, after one more space; then they do in every line.</remarks>
internal sealed class FixedFields(BillText file, FixedLayout layout)
{
    // What all lines have; 0 before the first.
    private int length;

    /// <summary>Goes to the next row; false after the last. Nothing in these files says how many there are.</summary>
    public bool Read()
    {
        if (!file.Read())
            return false;
        if (file.Raw.IsEmpty)
        {
            file.ExpectEnd("nothing below an empty line");
            return false;
        }

        if (length == 0)
            length = file.Raw.Length > layout.Bytes && file.Raw[layout.Bytes] == ' ' ? file.Raw.Length : layout.Bytes;
        if (file.Raw.Length != length)
        {
            var code = file.LineIsOpen && file.Raw.Length < length
                ? BillRejection.BillTruncated
                : BillRejection.BillRowMalformed;
            throw file.Reject(code, file.Raw.Length + 1, $"a row of {length} bytes, not {file.Raw.Length}");
        }

        if (layout.FirstBroken(file.Raw) is >= 0 and var at)
            throw file.Reject(BillRejection.BillRowMalformed, at + 1, "a space between two fields");
        file.Decoded(file.Raw);
        return true;
    }

    public int Line => file.Line;

    /// <summary>A field without the spaces that fill it up; fields count from 1.</summary>
    public string Text(int field) => file.Decoded(Bytes(field)).Trim(' ');

    public string Required(int field, string what) =>
        Text(field) is { Length: > 0 } text ? text : throw Reject(BillRejection.BillRowMalformed, field, what);

    /// <summary>An amount in fen: digits only.</summary>
    public long Fen(int field) => TryDigits(Bytes(field), out var fen)
        ? fen
        : throw Reject(BillRejection.BillAmountMalformed, field, "fen, twelve digits");

    /// <summary>An amount in fen after a letter that says which way it goes; nothing is zero.</summary>
    public (char Sign, long Fen) Signed(int field)
    {
        var bytes = Bytes(field);
        if (!bytes.ContainsAnyExcept((byte)' '))
            return (' ', 0);
        return bytes[0] is (byte)'C' or (byte)'D' && TryDigits(bytes[1..], out var fen)
            ? ((char)bytes[0], fen)
            : throw Reject(BillRejection.BillAmountMalformed, field, "C or D and twelve digits of fen");
    }

    /// <summary>An amount with its letter in what older files leave free; null where there is none.</summary>
    public (char Sign, long Fen)? SignedAt(int offset, int width)
    {
        var bytes = file.Raw.Slice(offset, width);
        return bytes[0] is (byte)'C' or (byte)'D' && file.Raw[offset - 1] == ' ' && file.Raw[offset + width] == ' '
            && TryDigits(bytes[1..], out var fen)
            ? ((char)bytes[0], fen)
            : null;
    }

    /// <summary>A time of Beijing, of which the file does not say the year.</summary>
    public DateTimeOffset Time(int field, BusinessDay near)
    {
        var text = Text(field);
        var times = new[] { near.Date.Year - 1, near.Date.Year, near.Date.Year + 1 }
            .Select(year => TimeIn(year, text)).OfType<DateTimeOffset>().ToList();
        return times.Count > 0
            ? times.MinBy(at => (at - near.Start).Duration())
            : throw Reject(BillRejection.BillTimeMalformed, field, "Beijing time as MMddHHmmss");
    }

    public BillRejectedException Reject(BillRejection code, int field, string expected) =>
        file.Reject(code, layout.Offset(field) + 1, $"{expected} (field {field}), not '{Text(field)}'");

    private static DateTimeOffset? TimeIn(int year, string text) =>
        DateTime.TryParseExact(
            $"{year:D4}{text}", "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            && time.Year > 1
            ? new DateTimeOffset(time, BusinessDay.Offset)
            : null;

    private ReadOnlySpan<byte> Bytes(int field) => file.Raw.Slice(layout.Offset(field), layout.Width(field));

    private static bool TryDigits(ReadOnlySpan<byte> bytes, out long value)
    {
        value = 0;
        foreach (var digit in bytes)
        {
            if (digit is < (byte)'0' or > (byte)'9')
                return false;
            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
