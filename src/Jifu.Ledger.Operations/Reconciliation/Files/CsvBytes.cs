using System.Globalization;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Lines of CSV as bytes, cell by cell, as <see cref="DifferenceFile"/> writes them.</summary>
internal sealed class CsvBytes
{
    private const int NumberMax = 24;

    private byte[] bytes = new byte[65_536];
    private int length;

    public ReadOnlySpan<byte> Bytes => bytes.AsSpan(0, length);

    public void Clear() => length = 0;

    /// <summary>A line's first cell, a plain word.</summary>
    public void First(ReadOnlySpan<byte> word)
    {
        Grow(word.Length);
        word.CopyTo(bytes.AsSpan(length));
        length += word.Length;
    }

    public void Text(ReadOnlySpan<byte> cell)
    {
        // Twice for quotes, and what stands around.
        Grow((cell.Length * 2) + 3);
        bytes[length++] = (byte)',';
        if (cell.IndexOfAny((byte)',', (byte)'"', (byte)'\n') < 0 && !cell.Contains((byte)'\r'))
        {
            cell.CopyTo(bytes.AsSpan(length));
            length += cell.Length;
            return;
        }

        bytes[length++] = (byte)'"';
        foreach (var each in cell)
        {
            if (each == '"')
                bytes[length++] = (byte)'"';
            bytes[length++] = each;
        }

        bytes[length++] = (byte)'"';
    }

    /// <param name="number">Null for an empty cell.</param>
    public void Number(long? number)
    {
        Grow(NumberMax);
        bytes[length++] = (byte)',';
        if (number?.TryFormat(bytes.AsSpan(length), out var digits, default, CultureInfo.InvariantCulture) is true)
            length += digits;
    }

    /// <summary>Beijing time.</summary>
    /// <param name="utcTicks">-1 for an empty cell.</param>
    public void Time(long utcTicks)
    {
        Grow(NumberMax);
        bytes[length++] = (byte)',';
        if (utcTicks < 0)
            return;
        var time = new DateTime(utcTicks) + BusinessDay.Offset;
        time.TryFormat(bytes.AsSpan(length), out var written, "s", CultureInfo.InvariantCulture);
        bytes[length + 10] = (byte)' ';
        length += written;
    }

    public void EndLine()
    {
        Grow(1);
        bytes[length++] = (byte)'\n';
    }

    private void Grow(int more)
    {
        if (length + more > bytes.Length)
            Array.Resize(ref bytes, (length + more) * 2);
    }
}
