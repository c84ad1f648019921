using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A file read fast, in segments that threads take in any order: big reads, no text is made of its rows.
/// </summary>
/// <remarks>It understands the usual only. Whatever else it meets, it gives up, and the careful reader reads the whole
/// file and decides; so what is refused, and why, is said in one place.</remarks>
internal abstract class FileScan(SafeFileHandle file, long bodyStart, long bodyEnd) : IDisposable
{
    private const int SegmentBytes = 4 << 20;

    /// <summary>Gets a row that was found again, and its line from 1.</summary>
    protected delegate void FoundRow(RowCells cells, int line);

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

            var firstRow = work.SegmentRows;
            if (length == 0 || !Rows(work, length, at))
                return false;
            if (work.Dealt is not null)
                Deal(work, length, RowHead.PlaceOf(segment, firstRow), work.Dealt);
            kept = Math.Max(0, have - length);
            text.Slice(have - kept, kept).CopyTo(text);
            at += have - kept;
        }

        work.End(end);
        rows[segment] = work.SegmentRows;
        return true;
    }

    /// <summary>Reads again the rows that may have the keys sought. Those of a file that has changed since, and those
    /// far longer than any, are left out: what was found does not explain the sums then, and the exact join decides.
    /// </summary>
    /// <param name="found">Gets a row and its line.</param>
    protected void Reread(ScanWork work, KeyFilter keys, FoundRow found)
    {
        var firstLines = FirstLines();
        var (read, isRead) = (default(RowGroup), false);
        foreach (var (group, row) in work.Places.Find(keys))
        {
            if (group.Offset != read.Offset || group.Length != read.Length)
                (read, isRead) = (group, ReadGroup(work, group));
            if (isRead)
                found(CellsOf(work, row), firstLines[group.Segment] + group.FirstRow + row);
        }
    }

    public void Dispose()
    {
        file.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads whole rows; false when there is anything unusual in them.</summary>
    protected abstract bool Rows(ScanWork work, int length, long offset);

    /// <summary>Deals out whole rows in which there was nothing unusual.</summary>
    /// <param name="place">Of the first of them.</param>
    protected abstract void Deal(ScanWork work, int length, long place, DealtRows to);

    /// <summary>Finds the cells of whole rows that have been read before; how many rows there are, -1 when they are not
    /// what they were.</summary>
    protected abstract int FindCells(ScanWork work, int length);

    /// <summary>The cells of one of those rows, from 0.</summary>
    protected abstract RowCells CellsOf(ScanWork work, int row);

    /// <summary>The lines in which the segments begin, when all have been read, and the one behind the last.</summary>
    public int[] FirstLines()
    {
        var first = new int[rows.Length + 1];
        first[0] = FirstLine;
        for (var segment = 0; segment < rows.Length; segment++)
            first[segment + 1] = first[segment] + rows[segment];
        return first;
    }

    private bool ReadGroup(ScanWork work, RowGroup group)
    {
        var length = group.Length;
        if (length > ScanWork.ChunkBytes)
            return false;
        var text = work.Bytes.AsSpan(ScanWork.Start, length + 1);
        file.ReadWhole(text[..length], group.Offset);
        // The file's last line may have no end.
        if (text[length - 1] != '\n')
            text[length++] = (byte)'\n';
        return FindCells(work, length) == group.Rows;
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
