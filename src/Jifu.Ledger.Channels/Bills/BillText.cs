using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text.Unicode;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>The lines of a bill file, one at a time: strict UTF-8 or GBK, with a byte order mark or none, CRLF or LF.
/// </summary>
/// <remarks>Memory holds one line, however long the file is; a line has at most <see cref="LineBytesMax"/> bytes.
/// </remarks>
internal sealed class BillText(Stream file, string fileName)
{
    public const int LineBytesMax = 65_536;

    // One more byte than a line may have: its end.
    private readonly byte[] bytes = new byte[LineBytesMax + 1];
    private readonly char[] characters = new char[LineBytesMax];
    private Range raw;
    private int start, end;
    private bool ended, again;

    /// <summary>True when the file is GBK; otherwise it is UTF-8.</summary>
    public bool IsGbk { get; set; }

    /// <summary>What to call the file.</summary>
    public string FileName => fileName;

    /// <summary>The number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>True when the line read last has no end of its own, so that the file may be cut there.</summary>
    public bool LineIsOpen { get; private set; }

    /// <summary>The bytes of the line read last, without its end; until the next is read.</summary>
    public ReadOnlySpan<byte> Raw => bytes.AsSpan(raw);

    /// <summary>The next line without its end; null after the last.</summary>
    public string? Next() => Read() ? Decoded(Raw) : null;

    /// <summary>Goes to the next line; false after the last.</summary>
    public bool Read()
    {
        if (again)
        {
            again = false;
            return true;
        }

        var length = LengthOfNext();
        if (length < 0)
            return false;

        var (from, to) = (start, start + length);
        LineIsOpen = to == end;
        start = Math.Min(end, to + 1);
        if (Line++ == 0 && bytes.AsSpan(from, length) is [0xEF, 0xBB, 0xBF, ..])
            from += 3;
        raw = from..(to > from && bytes[to - 1] == '\r' ? to - 1 : to);
        return true;
    }

    /// <summary>True when there is nothing in a line that no bill holds.</summary>
    public static bool IsText(string line) => IndexOfForbidden(line) < 0;

    /// <summary>Lets the line read last be read again.</summary>
    public void Unread() => again = true;

    /// <summary>Finds out by the first line, which has been read, whether the file is UTF-8 or GBK: text in Chinese is
    /// one or the other, never both.</summary>
    public void FindEncoding()
    {
        if (Raw is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] || Raw.Contains((byte)0))
            throw Reject(BillRejection.BillEncodingUnknown, 1, "UTF-8 or GBK text");
        IsGbk = !Utf8.IsValid(Raw);
    }

    /// <summary>Nothing but empty lines may follow.</summary>
    public void ExpectEnd(string expected = "nothing after the totals")
    {
        while (Next() is { } after)
        {
            if (after.Length > 0)
                throw Reject(BillRejection.BillDataAfterSummary, 1, expected);
        }
    }

    public BillRejectedException Reject(BillRejection code, int column, string expected) =>
        new(code, fileName, Math.Max(1, Line), column, expected);

    private int LengthOfNext()
    {
        for (var searched = 0; ;)
        {
            var at = bytes.AsSpan(start + searched, end - start - searched).IndexOf((byte)'\n');
            if (at >= 0)
                return searched + at;
            if (ended)
                return end > start ? end - start : -1;
            searched = end - start;
            if (searched > LineBytesMax)
            {
                Line++;
                throw Reject(BillRejection.BillLineTooLong, 1, $"a line of at most {LineBytesMax} bytes");
            }

            Fill();
        }
    }

    private void Fill()
    {
        bytes.AsSpan(start, end - start).CopyTo(bytes);
        (start, end) = (0, end - start);
        var read = file.Read(bytes, end, bytes.Length - end);
        end += read;
        ended = read == 0;
    }

    /// <summary>The text of bytes of the line read last.</summary>
    public string Decoded(ReadOnlySpan<byte> line)
    {
        var status = IsGbk
            ? GbkTable.TryDecode(line, characters, out var written) ? OperationStatus.Done : OperationStatus.InvalidData
            : Utf8.ToUtf16(line, characters, out _, out written, replaceInvalidSequences: false, !LineIsOpen);
        if (status is OperationStatus.NeedMoreData)
            throw Reject(BillRejection.BillTruncated, written + 1, "the rest of a character");
        if (status is not OperationStatus.Done)
            throw IsGbk
                ? Reject(BillRejection.BillNotGbk, written + 1, "GBK text")
                : Reject(BillRejection.BillNotUtf8, written + 1, "UTF-8 text");

        var text = characters.AsSpan(0, written);
        if (IndexOfForbidden(text) is >= 0 and var at)
            throw Reject(BillRejection.BillCharacterForbidden, at + 1, $"text, not U+{(int)text[at]:X4}");
        return new(text);
    }

    // As the runtime's own search for any of them, but compiled ahead of time: most bills are read in less time than
    // compiling takes.
    private static int IndexOfForbidden(ReadOnlySpan<char> text)
    {
        var at = 0;
        ref var first = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(text));
        for (; text.Length - at >= Vector256<ushort>.Count; at += Vector256<ushort>.Count)
        {
            var some = Vector256.LoadUnsafe(ref first, (nuint)at);
            var forbidden = (Vector256.LessThan(some, Vector256.Create((ushort)' '))
                    & ~Vector256.Equals(some, Vector256.Create((ushort)'\t')))
                | Vector256.Equals(some, Vector256.Create((ushort)'\u007F'))
                | Vector256.Equals(some, Vector256.Create((ushort)'\uFEFF'))
                | Vector256.Equals(some, Vector256.Create((ushort)'\uFFFD'));
            if (forbidden != Vector256<ushort>.Zero)
                break;
        }

        for (; at < text.Length; at++)
        {
            if (IsForbidden(text[at]))
                return at;
        }

        return -1;
    }

    // What no bill holds: control characters but TAB, marks of a byte order, and the mark of a character that was lost.
    private static bool IsForbidden(char character) =>
        character is (< ' ' and not '\t') or '\u007F' or '\uFEFF' or '\uFFFD';
}
