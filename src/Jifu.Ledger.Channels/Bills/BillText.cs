using System.Buffers;
using System.Text.Unicode;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>The lines of a bill file, one at a time: strict UTF-8, with a byte order mark or none, CRLF or LF.
/// </summary>
/// <remarks>Memory holds one line, however long the file is; a line has at most <see cref="LineBytesMax"/> bytes.
/// </remarks>
internal sealed class BillText(Stream file, string fileName)
{
    public const int LineBytesMax = 65_536;

    // One more byte than a line may have: its end.
    private readonly byte[] bytes = new byte[LineBytesMax + 1];
    private readonly char[] characters = new char[LineBytesMax];
    private int start, end;
    private bool ended;

    /// <summary>The number of the line read last, from 1.</summary>
    public int Line { get; private set; }

    /// <summary>True when the line read last has no end of its own, so that the file may be cut there.</summary>
    public bool LineIsOpen { get; private set; }

    /// <summary>The next line without its end; null after the last.</summary>
    public string? Next()
    {
        var length = LengthOfNext();
        if (length < 0)
            return null;

        var line = bytes.AsSpan(start, length);
        LineIsOpen = start + length == end;
        start = Math.Min(end, start + length + 1);
        if (Line++ == 0 && line is [0xEF, 0xBB, 0xBF, ..])
            line = line[3..];
        return Decoded(line is [.. var text, (byte)'\r'] ? text : line);
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

    private string Decoded(ReadOnlySpan<byte> line)
    {
        var status = Utf8.ToUtf16(
            line, characters, out _, out var written, replaceInvalidSequences: false, isFinalBlock: !LineIsOpen);
        return status switch
        {
            OperationStatus.Done => new(characters, 0, written),
            OperationStatus.NeedMoreData => throw Reject(
                BillRejection.BillTruncated, written + 1, "the rest of a character"),
            _ => throw Reject(BillRejection.BillNotUtf8, written + 1, "UTF-8 text"),
        };
    }
}
