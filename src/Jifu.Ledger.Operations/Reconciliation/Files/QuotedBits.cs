using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What quotes make of a text, 64 bytes at a time: which separators are between two of them, and whether each
/// begins or ends a cell.</summary>
/// <remarks>A line end between quotes is odd. So a text that is not odd has its line ends where rows end, wherever one
/// begins to read: the first one between quotes is told by whoever reads the row in which it stands.</remarks>
internal struct QuotedBits()
{
    private ulong inside, closed, edge = 1;

    public ulong Odd { get; private set; }

    /// <summary>Two quotes in a row within a cell: they stand for one.</summary>
    public ulong Doubled { get; private set; }

    /// <summary>Those of the separators that divide cells.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Outside(ulong quotes, ulong separators, ulong ends, ulong returns)
    {
        unchecked
        {
            var between = quotes;
            for (var shift = 1; shift < 64; shift <<= 1)
                between ^= between << shift;
            between ^= inside;
            inside = (ulong)((long)between >> 63);
            var (opens, closes) = (quotes & between, quotes & ~between);
            separators &= ~between;
            var edges = separators | ends;
            var afterEdge = (edges << 1) | edge;
            var afterClose = (closes << 1) | closed;
            (edge, closed) = (edges >> 63, closes >> 63);
            Doubled |= opens & afterClose & ~afterEdge;
            Odd |= (opens & ~(afterEdge | afterClose)) | (afterClose & ~(edges | returns | quotes)) | (ends & between);
            return separators;
        }
    }
}
