using System.Buffers;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Writes the root of the leaves from <paramref name="start"/> up to, not including,
/// <paramref name="end"/>.</summary>
public delegate void RootOfLeaves(long start, long end, Span<byte> root);

/// <summary>The hashes that lead from one leaf to the root of its tree, lowest first, as RFC 6962 has them.</summary>
public static class MerklePath
{
    /// <summary>Writes the path of a leaf.</summary>
    /// <param name="index">The leaf's number, from 0.</param>
    /// <param name="count">How many leaves the tree has.</param>
    /// <param name="rootOf">Asked for each of the path's hashes, about log2(count) times.</param>
    /// <param name="path">Takes 32 bytes for each hash.</param>
    public static void Write(long index, long count, RootOfLeaves rootOf, IBufferWriter<byte> path)
    {
        ArgumentNullException.ThrowIfNull(rootOf);
        ArgumentNullException.ThrowIfNull(path);
        for (var level = 0; level < 63 && 1L << level < count; level++)
        {
            var start = ((index >> level) ^ 1) << level;
            if (start >= count)
                continue;
            rootOf(start, Math.Min(count, start + (1L << level)), path.GetSpan(EventLink.Size)[..EventLink.Size]);
            path.Advance(EventLink.Size);
        }
    }

    /// <summary>Follows a path from a leaf to the root that it leads to.</summary>
    /// <param name="link">The leaf, before it is hashed as one.</param>
    /// <param name="path">Loses the hashes that were used.</param>
    /// <returns>False when the path is too short, or there is no such leaf.</returns>
    public static bool TryFollow(
        ReadOnlySpan<byte> link, long index, long count, ref ReadOnlySpan<byte> path, Span<byte> root)
    {
        if (index < 0 || index >= count)
            return false;
        MerkleTree.Leaf(link, root);
        for (long node = index, last = count - 1; last > 0; (node, last) = (node >> 1, last >> 1))
        {
            var isRight = (node & 1) == 1 || node == last;
            if (path.Length < EventLink.Size)
                return false;

            // A last node without a neighbour rises until it is a right one.
            for (; isRight && (node & 1) == 0; last >>= 1)
                node >>= 1;
            if (isRight)
                MerkleTree.Node(path[..EventLink.Size], root, root);
            else
                MerkleTree.Node(root, path[..EventLink.Size], root);
            path = path[EventLink.Size..];
        }

        return true;
    }
}
