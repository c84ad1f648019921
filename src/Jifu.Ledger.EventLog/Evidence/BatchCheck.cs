namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Makes the tree of each batch again from its events' links, and the tree over all batches.</summary>
/// <remarks>A batch of which only a part is looked at is passed over, and so is one in which something else was found.
/// One that overlaps another leaves none of the two to be judged. Their roots count in the tree over all batches
/// nevertheless: what is wrong with one batch is not told of all after it.</remarks>
public sealed class BatchCheck(Findings findings)
{
    private readonly MerkleTree _tree = new();
    private readonly MerkleTree _all = new();
    private readonly Queue<EventBatch> _expected = new();
    private readonly byte[] _root = new byte[EventLink.Size];
    private long _expectedTo = -1;
    private bool _isWhole;
    private bool _hasBegun;
    private long _foundBefore;

    /// <summary>Begins at a position where a batch begins, upon the tree of all batches before it.</summary>
    public void Begin(long position, ReadOnlySpan<byte> peaks, long count)
    {
        _all.Restore(peaks, count);
        (_expectedTo, _hasBegun) = (position - 1, true);
    }

    /// <summary>The log has ended at a position, so that all events belong to batches, and no batch is newer.</summary>
    public void EndOfLog(long position)
    {
        if (_expectedTo < position)
            findings.Add(
                FindingKind.BatchMissing, _expectedTo + 1, null,
                $"Positions {_expectedTo + 1} to {position} belong to no batch.");
        foreach (var batch in _expected)
            findings.Add(
                FindingKind.EventMissing, Math.Max(ChainCheck.After(position), batch.First), null,
                $"The log ends at {position}; there is a batch {batch.First} to {batch.Last}.");
    }

    /// <summary>The tree over the batches that have ended.</summary>
    public MerkleTree All => _all;

    /// <summary>Names the batch that comes next, before the first of its events.</summary>
    public void Expect(EventBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.First > ChainCheck.After(_expectedTo) && _hasBegun)
            findings.Add(
                FindingKind.BatchMissing, _expectedTo + 1, null,
                $"Positions {_expectedTo + 1} to {batch.First - 1} belong to no batch.");
        if (batch.Last < batch.First || (batch.First <= _expectedTo && _hasBegun))
        {
            findings.Add(
                FindingKind.BatchMissing,
                Math.Max(0, _hasBegun ? Math.Min(batch.First, ChainCheck.After(_expectedTo)) : batch.First), null,
                $"Batch {batch.First} to {batch.Last} overlaps another, or is none.");
            while (_expected.TryDequeue(out var overlapped))
                End(overlapped, isWhole: false);
        }

        _expected.Enqueue(batch);
        (_expectedTo, _hasBegun) = (batch.Last, batch.Last >= batch.First);
    }

    /// <summary>Takes an event's link.</summary>
    /// <returns>True when a batch ends with it.</returns>
    public bool Take(long position, ReadOnlySpan<byte> link)
    {
        // Its last event is missing, which the chain has told.
        while (_expected.TryPeek(out var over) && over.Last < position)
            End(_expected.Dequeue(), isWhole: false);
        if (!_expected.TryPeek(out var batch) || position < batch.First)
            return false;
        if (position == batch.First)
        {
            _tree.Clear();
            (_isWhole, _foundBefore) = (true, findings.Count);
        }

        if (_isWhole)
            _tree.Add(link);
        if (position < batch.Last)
            return false;
        End(_expected.Dequeue(), _isWhole);
        return true;
    }

    private void End(EventBatch batch, bool isWhole)
    {
        _isWhole = false;
        _all.Add(batch.Root);
        if (!isWhole || findings.Count != _foundBefore)
            return;
        _tree.Root(_root);
        if (!_root.AsSpan().SequenceEqual(batch.Root))
            findings.Add(
                FindingKind.BatchRootDiffers, batch.First, "root",
                $"The root of batch {batch.First} to {batch.Last} is not the one that its events give.");
    }
}
