using System.Collections;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The differences that a result lists. Hundreds of thousands stay as small as in the temporary file from
/// which they came, and are made when they are asked for.</summary>
internal sealed class KeptDifferences : IReadOnlyList<FileDifference>
{
    private const int ChunkBytes = 1 << 20;

    // Those in bytes come first.
    private readonly List<byte[]> chunks = [];
    private readonly List<(int Chunk, int Start, int Length)> packed = [];
    private readonly List<FileDifference> others = [];
    private int filled = ChunkBytes;

    public int Count => packed.Count + others.Count;

    public FileDifference this[int at]
    {
        get
        {
            if (at >= packed.Count)
                return others[at - packed.Count];
            var (chunk, start, length) = packed[at];
            return DifferenceHead.Unpack(chunks[chunk].AsSpan(start, length));
        }
    }

    public void Add(FileDifference difference) => others.Add(difference);

    /// <summary>Adds one in bytes; none may follow one that is not.</summary>
    public void Add(ReadOnlySpan<byte> difference)
    {
        if (filled + difference.Length > ChunkBytes)
        {
            chunks.Add(GC.AllocateUninitializedArray<byte>(Math.Max(ChunkBytes, difference.Length)));
            filled = 0;
        }

        difference.CopyTo(chunks[^1].AsSpan(filled));
        packed.Add((chunks.Count - 1, filled, difference.Length));
        filled += difference.Length;
    }

    public IEnumerator<FileDifference> GetEnumerator()
    {
        for (var at = 0; at < Count; at++)
            yield return this[at];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
