using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A file read fast, in segments that threads take in any order: big reads, no text is made of its rows.
/// </summary>
/// <remarks>It understands the usual only. Whatever else it meets, it gives up, and the careful reader reads the whole
/// file and decides; so what is refused, and why, is said in one place.</remarks>
internal abstract class FileScan(SafeFileHandle file, long bodyStart, long bodyEnd) : IDisposable
{
    private const int SegmentBytes = 4 << 20;
    private const int BatchBytes = 256 * 1024;

    private readonly int[] rows = new int[(int)((bodyEnd - bodyStart + SegmentBytes - 1) / SegmentBytes)];

    public int Segments => rows.Length;
    public long Bytes { get; } = RandomAccess.GetLength(file);

    /// <summary>The number of the line where the rows begin, from 1.</summary>
    protected abstract int FirstLine { get; }

    /// <summary>Reads one segment; false when there is anything unusual in it.</summary>
    public bool Scan(int segment, ScanWork work, CancellationToken cancellation)
    {
        var (at, end) = (RowStart(segment, work), RowStart(segment + 1, work));
        work.Begin(segment, at);
        for (var kept = 0; at < end;)
        {
            cancellation.ThrowIfCancellationRequested();
            var wanted = (int)Math.Min(end - at, ScanWork.ChunkBytes) - kept;
            var read = RandomAccess.Read(file, work.Bytes.AsSpan(ScanWork.Start + kept, wanted), at + kept);
            var have = kept + read;
            var text = work.Bytes.AsSpan(ScanWork.Start, have + 1);
            if (read == 0 && (have == 0 || at + have < end))
                return false;
            var length = text[..have].LastIndexOf((byte)'\n') + 1;
            if (at + have == end && length < have)
            {
                text[have] = (byte)'\n';
                length = have + 1;
            }

            if (length == 0 || !Rows(work, length, at))
                return false;
            kept = Math.Max(0, have - length);
            text.Slice(have - kept, kept).CopyTo(text);
            at += have - kept;
        }

        work.AddWaiting();
        work.EndGroup(end);
        rows[segment] = work.SegmentRows;
        return true;
    }

    /// <summary>Reads again the rows that may have the keys sought, as the careful reader reads them.</summary>
    /// <param name="read">Reads a file of the head and of some rows; what follows them is not asked for.</param>
    /// <param name="placed">Gives a row its line, and leaves out what is not sought.</param>
    protected IEnumerable<TRow> Reread<TRow>(
        RowPlaces places, KeyFilter keys, byte[] head, Func<Stream, IEnumerable<TRow>> read,
        Func<TRow, int, TRow?> placed) where TRow : class
    {
        using var few = new MemoryStream(BatchBytes);
        var lines = new List<int>();
        few.Write(head);
        foreach (var line in Copied(places, keys, few))
        {
            lines.Add(line);
            if (few.Length < BatchBytes)
                continue;
            foreach (var row in Read())
                yield return row;
            few.SetLength(head.Length);
            few.Position = head.Length;
            lines.Clear();
        }

        foreach (var row in Read())
            yield return row;

        IEnumerable<TRow> Read()
        {
            few.Position = 0;
            using var rows = read(few).GetEnumerator();
            foreach (var line in lines)
            {
                if (rows.MoveNext() && placed(rows.Current, line) is { } row)
                    yield return row;
            }
        }
    }

    /// <summary>Copies the rows that may have the keys sought, in no order; returns the line of each.</summary>
    private IEnumerable<int> Copied(RowPlaces places, KeyFilter keys, MemoryStream to)
    {
        var firstLines = FirstLines();
        var (read, bytes) = (default(RowGroup), Array.Empty<byte>());
        foreach (var (group, row) in places.Find(keys))
        {
            if (group != read)
            {
                (read, bytes) = (group, bytes.Length >= group.Length ? bytes : new byte[group.Length]);
                file.ReadWhole(bytes.AsSpan(0, group.Length), group.Offset);
            }

            to.Write(RowOf(bytes.AsSpan(0, group.Length), row));
            to.WriteByte((byte)'\n');
            yield return firstLines[group.Segment] + group.FirstRow + row;
        }
    }

    public void Dispose()
    {
        file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads whole rows; false when there is anything unusual in them.</summary>
    protected abstract bool Rows(ScanWork work, int length, long offset);

    private int[] FirstLines()
    {
        var first = new int[rows.Length];
        var line = FirstLine;
        for (var segment = 0; segment < rows.Length; segment++)
        {
            first[segment] = line;
            line += rows[segment];
        }

        return first;
    }

    private static ReadOnlySpan<byte> RowOf(ReadOnlySpan<byte> group, int row)
    {
        for (; row > 0; row--)
            group = group[(group.IndexOf((byte)'\n') + 1)..];
        var end = group.IndexOf((byte)'\n');
        return end < 0 ? group : group[..end];
    }

    // The first row that begins at or after the segment's nominal start; the next segment's ends this one.
    private long RowStart(int segment, ScanWork work)
    {
        var nominal = bodyStart + ((long)segment * SegmentBytes);
        if (segment == 0 || nominal >= bodyEnd)
            return Math.Min(nominal, bodyEnd);
        var buffer = work.Bytes.AsSpan(0, 4096);
        for (var at = nominal - 1; at < bodyEnd;)
        {
            var read = RandomAccess.Read(file, buffer, at);
            var newline = buffer[..read].IndexOf((byte)'\n');
            if (newline >= 0)
                return Math.Min(bodyEnd, at + newline + 1);
            if (read == 0)
                break;
            at += read;
        }

        return bodyEnd;
    }
}
