using System.Runtime.InteropServices;
using System.Text;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Puts a head and texts together, one row at a time; of one thread.</summary>
internal sealed class RowPacker
{
    private const int LengthBytesMax = 5;

    private byte[] bytes = new byte[1_024];
    private int length;

    /// <summary>Begins a row, with room for its head.</summary>
    public void Begin(int headBytes) => length = headBytes;

    public void Add(ReadOnlySpan<byte> text)
    {
        AddLength(text.Length);
        text.CopyTo(bytes.AsSpan(length));
        length += text.Length;
    }

    public void Add(string text)
    {
        var textLength = Encoding.UTF8.GetByteCount(text);
        AddLength(textLength);
        length += Encoding.UTF8.GetBytes(text, bytes.AsSpan(length));
    }

    /// <summary>How long the row is so far, its head included.</summary>
    public int Length => length;

    /// <summary>The row with its head, until the next begins.</summary>
    public ReadOnlySpan<byte> End<THead>(THead head) where THead : unmanaged
    {
        MemoryMarshal.Write(bytes, head);
        return bytes.AsSpan(0, length);
    }

    // Seven bits a byte, the lowest first.
    private void AddLength(int text)
    {
        var needed = length + LengthBytesMax + text;
        if (needed > bytes.Length)
            Array.Resize(ref bytes, needed * 2);
        for (; text > 0x7F; text >>= 7)
            bytes[length++] = unchecked((byte)(text | 0x80));
        bytes[length++] = (byte)text;
    }
}

/// <summary>The texts behind a head, one after the other.</summary>
internal ref struct PackedTexts(ReadOnlySpan<byte> texts)
{
    private ReadOnlySpan<byte> left = texts;

    public ReadOnlySpan<byte> Next()
    {
        var (length, at) = (0, 0);
        for (var shift = 0; ; shift += 7)
        {
            var next = left[at++];
            length |= (next & 0x7F) << shift;
            if (next <= 0x7F)
                break;
        }

        var text = left.Slice(at, length);
        left = left[(at + length)..];
        return text;
    }

    public string NextText() => Next() is { Length: > 0 } text ? Encoding.UTF8.GetString(text) : "";
}
