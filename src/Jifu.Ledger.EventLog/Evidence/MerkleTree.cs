namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>The root of a hash tree over links as RFC 6962 has it, built leaf by leaf.</summary>
/// <remarks>
/// A leaf is SHA-256(00, link), a node SHA-256(01, left, right); a tree is split at the largest power of two below its
/// number of leaves. It keeps one hash for each bit of that number, and allocates nothing. For one thread at a time.
/// </remarks>
public sealed class MerkleTree
{
    private const int Size = EventLink.Size;
    private const int LevelsMax = 63;

    // The full subtrees so far, largest first: one for each one-bit of the count.
    private readonly byte[] _peaks = new byte[LevelsMax * Size];
    private int _peakCount;

    /// <summary>How many leaves it has.</summary>
    public long Count { get; private set; }

    /// <summary>All that must be kept to go on later: the roots of its full subtrees, largest first.</summary>
    public ReadOnlySpan<byte> Peaks => _peaks.AsSpan(0, _peakCount * Size);

    /// <summary>Begins anew, with no leaves.</summary>
    public void Clear() => (Count, _peakCount) = (0, 0);

    /// <summary>Goes on with a tree whose <see cref="Peaks"/> and <see cref="Count"/> were kept.</summary>
    /// <exception cref="ArgumentException">There are more or fewer peaks than so many leaves give.</exception>
    public void Restore(ReadOnlySpan<byte> peaks, long count)
    {
        if (count < 0 || peaks.Length != long.PopCount(count) * Size)
            throw new ArgumentException($"A tree of {count} leaves has no {peaks.Length} bytes of peaks.");
        peaks.CopyTo(_peaks);
        (Count, _peakCount) = (count, peaks.Length / Size);
    }

    /// <summary>Adds the next leaf.</summary>
    public void Add(ReadOnlySpan<byte> link)
    {
        Span<byte> hash = stackalloc byte[Size];
        Leaf(link, hash);
        AddSubtree(hash);
    }

    /// <summary>Adds the root of a full subtree. All those of one tree have as many leaves; it counts as one.</summary>
    internal void AddSubtree(ReadOnlySpan<byte> root)
    {
        Span<byte> hash = stackalloc byte[Size];
        root.CopyTo(hash);
        for (var rest = Count; (rest & 1) == 1; rest >>= 1)
            Node(Peak(--_peakCount), hash, hash);
        hash.CopyTo(Peak(_peakCount++));
        Count++;
    }

    /// <summary>Writes the root of all leaves so far; of none, SHA-256 of nothing.</summary>
    public void Root(Span<byte> root)
    {
        if (_peakCount == 0)
        {
            FastSha256.Hash([], root);
            return;
        }

        Peak(_peakCount - 1).CopyTo(root);
        for (var i = _peakCount - 2; i >= 0; i--)
            Node(Peak(i), root, root);
    }

    /// <summary>Writes the root of all subtrees so far and a smaller one after them.</summary>
    internal void RootBefore(ReadOnlySpan<byte> smaller, Span<byte> root)
    {
        smaller.CopyTo(root);
        for (var i = _peakCount - 1; i >= 0; i--)
            Node(Peak(i), root, root);
    }

    /// <summary>Writes a leaf's hash.</summary>
    public static void Leaf(ReadOnlySpan<byte> link, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1 + Size];
        bytes[0] = 0;
        link.CopyTo(bytes[1..]);
        FastSha256.Hash(bytes, hash);
    }

    /// <summary>Writes a node's hash; it may overwrite one of the two.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> hash)
    {
        Span<byte> bytes = stackalloc byte[1 + Size + Size];
        bytes[0] = 1;
        left.CopyTo(bytes[1..]);
        right.CopyTo(bytes[(1 + Size)..]);
        FastSha256.Hash(bytes, hash);
    }

    private Span<byte> Peak(int i) => _peaks.AsSpan(i * Size, Size);
}
