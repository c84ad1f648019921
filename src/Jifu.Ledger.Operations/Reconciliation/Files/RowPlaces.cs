using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Some neighbouring rows of a file.</summary>
/// <param name="Offset">Where their bytes begin.</param>
/// <param name="Length">In bytes, all rows together.</param>
/// <param name="Segment">The part of the file in which they were counted.</param>
/// <param name="FirstRow">The first one's number within the segment, from 0.</param>
internal readonly record struct RowGroup(long Offset, int Length, int Segment, int FirstRow, int Rows);

/// <summary>Four bytes of each row's key, in a temporary file, with the place of each group of rows: enough to find
/// rows again by their keys without reading all again.</summary>
internal sealed class RowPlaces : IDisposable
{
    public const int GroupRows = 16;

    // A RowGroup, its rows last, and the keys.
    private const int GroupBytes = 24 + (GroupRows * sizeof(uint));
    private const int BufferGroups = 512;

    private readonly SafeFileHandle file = TempFile.Open();
    private readonly byte[] buffer = new byte[BufferGroups * GroupBytes];
    private readonly uint[] keys = new uint[GroupRows];
    private long written;
    private int waiting, rows;

    /// <summary>Adds a row to the group at hand; true when the group is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Add(ulong key)
    {
        keys[rows++] = unchecked((uint)key);
        return rows == GroupRows;
    }

    /// <summary>Ends the group at hand, if there is any row in it.</summary>
    public void End(long offset, long end, int segment, int firstRow)
    {
        if (rows == 0)
            return;
        var group = buffer.AsSpan(waiting * GroupBytes, GroupBytes);
        var head = new RowGroup(offset, checked((int)(end - offset)), segment, firstRow, rows);
        MemoryMarshal.Write(group, head);
        MemoryMarshal.AsBytes(keys.AsSpan()).CopyTo(group[24..]);
        rows = 0;
        if (++waiting == BufferGroups)
            Flush();
    }

    /// <summary>Each row whose key may be among the given: its group, and its place in it from 0.</summary>
    public IEnumerable<(RowGroup Group, int Row)> Find(KeyFilter keysSought)
    {
        Flush();
        for (long at = 0; at < written;)
        {
            var read = RandomAccess.Read(file, buffer, at);
            var whole = read - (read % GroupBytes);
            if (whole == 0)
                throw new EndOfStreamException("A temporary file was cut short.");
            at += whole;
            for (var start = 0; start < whole; start += GroupBytes)
            {
                for (var row = FirstAt(start, 0, keysSought); row >= 0; row = FirstAt(start, row + 1, keysSought))
                    yield return (MemoryMarshal.Read<RowGroup>(buffer.AsSpan(start)), row);
            }
        }
    }

    public void Dispose() => file.Dispose();

    private int FirstAt(int start, int firstRow, KeyFilter keysSought)
    {
        var rowsHere = MemoryMarshal.Read<int>(buffer.AsSpan(start + 20));
        var parts = MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(start + 24, rowsHere * sizeof(uint)));
        var found = keysSought.FirstOf(parts[firstRow..]);
        return found < 0 ? -1 : firstRow + found;
    }

    private void Flush()
    {
        RandomAccess.Write(file, buffer.AsSpan(0, waiting * GroupBytes), written);
        written += waiting * GroupBytes;
        waiting = 0;
    }
}
