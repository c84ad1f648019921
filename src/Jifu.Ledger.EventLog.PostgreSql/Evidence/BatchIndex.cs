using System.Buffers;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>The tree over all batches up to a checkpoint, to prove events by. Keeps one hash of a thousand, and reads
/// the others again where they are needed.</summary>
internal sealed class BatchIndex(StoredLog log)
{
    private const int ChunkSize = 1024;

    private readonly List<(long First, byte[] Root)> _chunks = [];
    private readonly List<EventBatch> _chunk = [];
    private int _chunkNumber = -1;
    private long _count;
    private long _last;

    /// <summary>Reads the batches that end at or before a position.</summary>
    public async Task Load(long last, CancellationToken cancellation)
    {
        var (tree, first) = (new MerkleTree(), 0L);
        await foreach (var batch in log.Batches(long.MinValue, last, cancellation))
        {
            first = tree.Count == 0 ? batch.First : first;
            tree.Add(batch.Root);
            _count++;
            if (tree.Count == ChunkSize)
                EndChunk(tree, first);
        }

        _last = last;
        if (tree.Count > 0)
            EndChunk(tree, first);
    }

    /// <summary>The proof of one event. Of one that is in no batch it is empty, and proves nothing.</summary>
    public async Task<EventProof> Prove(long position, CancellationToken cancellation)
    {
        var number = _chunks.FindLastIndex(chunk => chunk.First <= position);
        if (number >= 0 && number != _chunkNumber)
            await LoadChunk(number, cancellation);
        var place = _chunk.FindIndex(batch => batch.First <= position && position <= batch.Last);
        if (number < 0 || place < 0)
            return new(0, 1, 0, default);
        var (batch, path) = (_chunk[place], new ArrayBufferWriter<byte>());
        var links = await log.Links(batch.First, batch.Last, cancellation);
        MerklePath.Write(
            position - batch.First, links.Length,
            (start, end, root) => RootOf(links[(int)start..(int)end], root), path);
        var index = ((long)number * ChunkSize) + place;
        MerklePath.Write(index, _count, RootOfBatches, path);
        return new(position - batch.First, links.Length, index, path.WrittenMemory);
    }

    // Either within the chunk that was loaded, or of whole chunks and perhaps the last, shorter one.
    private void RootOfBatches(long start, long end, Span<byte> root)
    {
        var chunkStart = (long)_chunkNumber * ChunkSize;
        if (start >= chunkStart && end <= chunkStart + ChunkSize && end - start < ChunkSize)
        {
            RootOf(_chunk.Skip((int)(start - chunkStart)).Take((int)(end - start)).Select(one => one.Root), root);
            return;
        }

        var tree = new MerkleTree();
        for (var chunk = start / ChunkSize; chunk < end / ChunkSize; chunk++)
            tree.AddSubtree(_chunks[(int)chunk].Root);
        if (end % ChunkSize == 0)
            tree.Root(root);
        else
            tree.RootBefore(_chunks[^1].Root, root);
    }

    private async Task LoadChunk(int number, CancellationToken cancellation)
    {
        _chunk.Clear();
        var last = number + 1 < _chunks.Count ? _chunks[number + 1].First - 1 : _last;
        await foreach (var batch in log.Batches(_chunks[number].First, last, cancellation))
            _chunk.Add(batch);
        _chunkNumber = number;
    }

    private void EndChunk(MerkleTree tree, long first)
    {
        var root = new byte[EventLink.Size];
        tree.Root(root);
        _chunks.Add((first, root));
        tree.Clear();
    }

    private static void RootOf(IEnumerable<byte[]> leaves, Span<byte> root)
    {
        var tree = new MerkleTree();
        foreach (var leaf in leaves)
            tree.Add(leaf);
        tree.Root(root);
    }
}
