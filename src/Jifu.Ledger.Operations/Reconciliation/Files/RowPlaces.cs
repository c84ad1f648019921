using System.Numerics;
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

/// <summary>Four bytes of each row's key, in a temporary file, with the length of each group of rows: enough to find
/// rows again by their keys without reading all again.</summary>
internal sealed class RowPlaces : IDisposable
{
    public const int GroupRows = 16;

    // A head and the keys; without rows it is where a segment begins.
    private const int HeadBytes = 8;
    private const int GroupBytes = HeadBytes + (GroupRows * sizeof(uint));
    private const int BufferGroups = 640;

    private readonly SafeFileHandle file = TempFile.Open();
    private readonly byte[] buffer = new byte[BufferGroups * GroupBytes];
    private readonly uint[] keys = new uint[GroupRows];
    private long written, groupStart;
    private int waiting, rows;

    /// <summary>Says where the rows that follow stand; without that they stand at the file's beginning.</summary>
    public void Begin(int segment, long offset)
    {
        groupStart = offset;
        var group = Next(new(0, 0));
        MemoryMarshal.Write(group, offset);
        MemoryMarshal.Write(group[sizeof(long)..], segment);
        Put();
    }

    /// <summary>Adds a row; <paramref name="end"/> is where the next one begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong key, long end)
    {
        keys[rows++] = unchecked((uint)key);
        if (rows == GroupRows)
            End(end);
    }

    /// <summary>Ends the group at hand, if there is any row in it.</summary>
    public void End(long end)
    {
        if (rows == 0)
            return;
        MemoryMarshal.AsBytes(keys.AsSpan()).CopyTo(Next(new(checked((int)(end - groupStart)), rows)));
        (groupStart, rows) = (end, 0);
        Put();
    }

    /// <summary>Each row whose key may be among the given: its group, and its place in it from 0.</summary>
    public IEnumerable<(RowGroup Group, int Row)> Find(KeyFilter keysSought)
    {
        Flush();
        var (offset, segment, firstRow) = (0L, 0, 0);
        for (long at = 0; at < written;)
        {
            var read = RandomAccess.Read(file, buffer, at);
            var whole = read - (read % GroupBytes);
            if (whole == 0)
                throw new EndOfStreamException("A temporary file was cut short.");
            at += whole;
            for (var start = 0; start < whole; start += GroupBytes)
            {
                var head = MemoryMarshal.Read<Head>(buffer.AsSpan(start));
                if (head.Rows == 0)
                {
                    offset = MemoryMarshal.Read<long>(buffer.AsSpan(start + HeadBytes));
                    segment = MemoryMarshal.Read<int>(buffer.AsSpan(start + HeadBytes + sizeof(long)));
                    firstRow = 0;
                    continue;
                }

                for (var rowsLeft = Among(start, head.Rows, keysSought); rowsLeft != 0; rowsLeft &= rowsLeft - 1)
                {
                    yield return (
                        new(offset, head.Length, segment, firstRow, head.Rows),
                        BitOperations.TrailingZeroCount(rowsLeft));
                }

                offset += head.Length;
                firstRow += head.Rows;
            }
        }
    }

    public void Dispose() => file.Dispose();

    private uint Among(int start, int rowsHere, KeyFilter keysSought) =>
        keysSought.Among(
            MemoryMarshal.Cast<byte, uint>(buffer.AsSpan(start + HeadBytes, rowsHere * sizeof(uint))));

    // What stands behind the head of the group that is written next.
    private Span<byte> Next(Head head)
    {
        var group = buffer.AsSpan(waiting * GroupBytes, GroupBytes);
        MemoryMarshal.Write(group, head);
        return group[HeadBytes..];
    }

    private void Put()
    {
        if (++waiting == BufferGroups)
            Flush();
    }

    private void Flush()
    {
        RandomAccess.Write(file, buffer.AsSpan(0, waiting * GroupBytes), written);
        written += waiting * GroupBytes;
        waiting = 0;
    }

    private readonly record struct Head(int Length, int Rows);
}
