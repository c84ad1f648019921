using System.Buffers;
using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Jifu.Ledger.EventLog;

/// <summary>Reads the bytes that our own writer makes, one after the other. What it does not expect makes it fail for
/// good; then somebody who knows all of JSON reads them.</summary>
internal sealed class JsonCursor
{
    private static readonly SearchValues<byte> EndsPlainText = SearchValues.Create(
        [(byte)'"', (byte)'\\', .. Enumerable.Range(0, 0x20).Select(control => (byte)control)]);

    private byte[] _bytes = [];
    private int _at;
    private int _end;

    public bool Failed { get; private set; }

    /// <summary>True when all was read and nothing was unexpected.</summary>
    public bool Done => !Failed && _at == _end;

    public void Begin(ArraySegment<byte> bytes) =>
        (_bytes, _at, _end, Failed) = (bytes.Array!, bytes.Offset, bytes.Offset + bytes.Count, false);

    public void Expect(byte[] literal)
    {
        if (Left.StartsWith(literal))
            _at += literal.Length;
        else
            Failed = true;
    }

    /// <summary>Takes the literal if it stands here.</summary>
    public bool Takes(byte[] literal)
    {
        if (Failed || !Left.StartsWith(literal))
            return false;
        _at += literal.Length;
        return true;
    }

    /// <summary>The bytes between two quotes; none of them is escaped.</summary>
    public ReadOnlySpan<byte> Quoted()
    {
        var left = Left;
        var length = left.Length > 1 && left[0] == '"' ? left[1..].IndexOfAny(EndsPlainText) : -1;
        if (length < 0 || left[length + 1] != '"')
        {
            Failed = true;
            return [];
        }

        _at += length + 2;
        return left.Slice(1, length);
    }

    public string? Text()
    {
        var bytes = Quoted();
        if (Failed)
            return null;
        if (Ascii.IsValid(bytes) || Utf8.IsValid(bytes))
            return Encoding.UTF8.GetString(bytes);
        Failed = true;
        return null;
    }

    public long Integer()
    {
        var left = Left;
        if (!Utf8Parser.TryParse(left, out long value, out var length) || !IsPlain(left[..length]))
            Failed = true;
        else
            _at += length;
        return Failed ? 0 : value;
    }

    public int SmallInteger()
    {
        var value = Integer();
        if (value is > int.MaxValue or < int.MinValue)
            Failed = true;
        return Failed ? 0 : (int)value;
    }

    public DateTimeOffset Moment()
    {
        var from = _at;
        Quoted();
        if (Failed)
            return default;
        var reader = new Utf8JsonReader(_bytes.AsSpan(from, _at - from));
        if (reader.Read() && reader.TryGetDateTimeOffset(out var moment))
            return moment;
        Failed = true;
        return default;
    }

    public BusinessDay Day()
    {
        var text = Quoted();
        if (!Failed && Utf8Parser.TryParse(text[..Math.Min(4, text.Length)], out int year, out var four) && four == 4
            && text.Length == 10 && text[4] == '-' && text[7] == '-' && Two(text[5..7], out var month)
            && Two(text[8..10], out var day) && year > 0 && month is > 0 and <= 12 && day > 0
            && day <= DateTime.DaysInMonth(year, month))
            return new(new(year, month, day));
        Failed = true;
        return default;
    }

    private ReadOnlySpan<byte> Left => Failed ? [] : _bytes.AsSpan(_at, _end - _at);

    private static bool Two(ReadOnlySpan<byte> text, out int value)
    {
        value = ((text[0] - '0') * 10) + text[1] - '0';
        return char.IsAsciiDigit((char)text[0]) && char.IsAsciiDigit((char)text[1]);
    }

    // JSON knows no plus and no leading zeros.
    private static bool IsPlain(ReadOnlySpan<byte> number)
    {
        var digits = number[0] == '-' ? number[1..] : number;
        return digits.Length > 0 && char.IsAsciiDigit((char)digits[0]) && (digits.Length == 1 || digits[0] != '0');
    }
}
