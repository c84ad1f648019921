using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Goes through an archive's events: hashes them, follows their proofs, and compares them with what the
/// archive says it holds.</summary>
internal sealed class ArchiveRun
{
    private readonly Manifest _manifest;
    private readonly Checkpoint? _anchor;
    private readonly CheckpointCheck _checkpoints;
    private readonly Findings _findings;
    private readonly byte[] _root = new byte[EventLink.Size];
    private readonly bool _isWhole;
    private long _runs;
    private long _first = -1;
    private long _last = -1;
    private long _at = -1;
    private long _version = -1;
    private bool _isOpen;
    private Func<EventBatch?> _nextBatch = () => null;
    private EventBatch? _batch;

    public ArchiveRun(Manifest manifest, Checkpoint? anchor, CheckpointCheck checkpoints, Findings findings)
    {
        (_manifest, _anchor, _checkpoints, _findings) = (manifest, anchor, checkpoints, findings);
        (Chain, Batches) = (new(findings), new(findings));
        _isWhole = manifest.Scope.Kind == "all";
        if (_isWhole)
            Batches.Begin(0, [], 0);
    }

    public ChainCheck Chain { get; }

    public BatchCheck Batches { get; }

    /// <param name="nextBatch">Reads a batch, when the events come to it; null at the end.</param>
    public void Read(ArchiveRecords records, Func<EventBatch?> nextBatch)
    {
        (_nextBatch, _batch) = (nextBatch, nextBatch());
        while (records.TryRead())
        {
            switch (records.Kind)
            {
                case ArchiveNames.Segment when !_isOpen && records.Body.Length == 8 + EventLink.Size:
                    Begin(records.Body);
                    break;
                case ArchiveNames.Event when _isOpen && records.Body.Length > EventLink.Size:
                    Take(records.Body[EventLink.Size..], records.Body[..EventLink.Size]);
                    break;
                case ArchiveNames.Proof when _isOpen && records.Body.Length >= 16:
                    End(records.Body);
                    break;
                default:
                    throw new InvalidDataException($"A record of kind {records.Kind} stands where it cannot.");
            }
        }

        if (_isOpen)
            throw new InvalidDataException("The events end without a proof.");
        CheckContents();
    }

    private void Begin(ReadOnlySpan<byte> body)
    {
        var position = BinaryPrimitives.ReadInt64BigEndian(body);
        var linkBefore = body[8..];
        if (position <= _last)
            _findings.Add(
                FindingKind.EventMisplaced, ChainCheck.After(_last), "position",
                $"Position {position} comes after {_last}.");
        else if (_runs > 0 && _manifest.Scope.Kind != "stream")
            _findings.Add(
                FindingKind.EventMissing, _last + 1, null, $"Positions {_last + 1} to {position - 1} are missing.");
        if (position == 0 && linkBefore.IndexOfAnyExcept((byte)0) >= 0)
            _findings.Add(FindingKind.LinkAltered, 0, "link", "A log begins with a link of zeros.");
        Chain.Begin(position, linkBefore);
        (_isOpen, _runs) = (true, _runs + 1);
    }

    private void Take(ReadOnlySpan<byte> fields, ReadOnlySpan<byte> link)
    {
        _at = Chain.Next;
        var position = Chain.Take(fields, link);
        if (position <= _last)
            return;
        (_first, _last) = (_first < 0 ? position : _first, position);
        for (; _batch is not null && (_batch.First <= position || _batch.Last < _batch.First); _batch = _nextBatch())
            Batches.Expect(_batch);
        var ends = Batches.Take(position, link);
        _checkpoints.Take(position, link, _isWhole ? Batches.All : null, ends);
        if (_manifest.Scope.Kind == "stream")
            CheckStream(fields, position);
    }

    private void End(ReadOnlySpan<byte> body)
    {
        _isOpen = false;
        var index = BinaryPrimitives.ReadUInt32BigEndian(body);
        var count = BinaryPrimitives.ReadUInt32BigEndian(body[4..]);
        var batch = BinaryPrimitives.ReadInt64BigEndian(body[8..]);
        var path = body[16..];

        // Where events were cut off, the proof is of one that is gone: what is left is not to blame.
        if (_manifest.Scope.Kind != "stream" && Chain.Next <= _manifest.LastPosition)
            _findings.Add(
                FindingKind.EventMissing, Chain.Next, null,
                $"Positions {Chain.Next} to {_manifest.LastPosition} are missing.");
        else if (_anchor is not null && !IsProved(index, count, batch, path))
            _findings.Add(
                FindingKind.ProofWrong, _at, null,
                $"Position {_at} is not proved to be in the log that the checkpoint of {_anchor.Position} stands for.");
    }

    private bool IsProved(uint index, uint count, long batch, ReadOnlySpan<byte> path) =>
        MerklePath.TryFollow(Chain.Kept, index, count, ref path, _root)
        && MerklePath.TryFollow(_root, batch, _anchor!.Batches, ref path, _root)
        && path.IsEmpty && Convert.ToHexStringLower(_root) == _anchor.Root;

    // Offsets: a length and 8 bytes of position, then the stream and its version.
    private void CheckStream(ReadOnlySpan<byte> fields, long position)
    {
        const int StreamAt = 4 + 8 + 4;
        var length = fields.Length >= StreamAt ? BinaryPrimitives.ReadUInt32BigEndian(fields[(StreamAt - 4)..]) : 0;
        if (fields.Length < StreamAt + length + 12)
        {
            _findings.Add(FindingKind.EventUnreadable, position, null, "The event's fields are no fields.");
            return;
        }

        var stream = Encoding.UTF8.GetString(fields.Slice(StreamAt, (int)length));
        var version = BinaryPrimitives.ReadInt64BigEndian(fields[(StreamAt + (int)length + 4)..]);
        if (stream != _manifest.Scope.Stream)
            _findings.Add(FindingKind.StreamBroken, position, "stream", $"The event is of stream {stream}.");
        else if (version != unchecked(_version + 1))
            _findings.Add(
                FindingKind.StreamBroken, position, "version", $"Version {version} comes after {_version}.");
        _version = version;
    }

    private void CheckContents()
    {
        if (Chain.Count != _manifest.Events || _first != _manifest.FirstPosition || _last != _manifest.LastPosition)
            _findings.Add(
                FindingKind.FileDiffers, null, ArchiveNames.Events,
                $"{_manifest.Events} events of positions {_manifest.FirstPosition} to {_manifest.LastPosition} should "
                + $"be here; here are {Chain.Count} of {_first} to {_last}.");
        if (_batch is not null)
            _findings.Add(
                FindingKind.BatchMissing, null, ArchiveNames.Batches,
                $"There is a batch {_batch.First} to {_batch.Last}, whose events are not in here.");
        if (!_isWhole)
            return;
        if (_first != 0 || _last != _manifest.Anchor)
            _findings.Add(
                FindingKind.EventMissing, null, null,
                $"A whole log goes from position 0 to its checkpoint's, {_manifest.Anchor}.");
        Batches.EndOfLog(_last);
        _checkpoints.EndOfLog(_last);
    }
}
