using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows written down one after the other in a temporary file, of which some are read again by their
/// places.</summary>
internal sealed class KeptRows : IDisposable
{
    private const int WaitingMax = 65_536;

    private readonly SafeFileHandle file = TempFile.Open();
    private readonly MemoryStream waiting = new();
    private long written;

    public KeptRows() => To = new(waiting);

    /// <summary>Where the next row is written.</summary>
    public BinaryWriter To { get; }

    /// <summary>Ends a row; returns where the next one begins.</summary>
    public long EndRow()
    {
        if (waiting.Length >= WaitingMax)
            Flush();
        return written + waiting.Length;
    }

    /// <summary>Each row whose key may be among the given.</summary>
    public IEnumerable<TRow> Find<TRow>(RowPlaces places, KeyFilter keys, Func<BinaryReader, TRow> read)
    {
        Flush();
        foreach (var (group, row) in places.Find(keys))
        {
            var bytes = new byte[group.Length];
            file.ReadWhole(bytes, group.Offset);
            using var from = new BinaryReader(new MemoryStream(bytes));
            for (var before = 0; before < row; before++)
                read(from);
            yield return read(from);
        }
    }

    public void Dispose()
    {
        To.Dispose();
        file.Dispose();
    }

    private void Flush()
    {
        RandomAccess.Write(file, waiting.GetBuffer().AsSpan(0, (int)waiting.Length), written);
        written += waiting.Length;
        waiting.SetLength(0);
    }
}
