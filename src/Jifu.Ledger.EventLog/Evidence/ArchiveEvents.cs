using System.Buffers.Binary;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Writes an archive's events: runs of positions, each closed by the proof that its last event belongs to the
/// log.</summary>
public sealed class ArchiveEvents
{
    private const int HeadBytes = 5;
    private const int FlushAt = 1 << 16;

    private readonly Stream _stream;
    private byte[] _buffer = new byte[FlushAt * 2];
    private int _length;

    internal ArchiveEvents(Stream stream) => _stream = stream;

    public long Count { get; private set; }

    /// <summary>Of the first event; -1 while there is none.</summary>
    public long First { get; private set; } = -1;

    /// <summary>Of the last event; -1 while there is none.</summary>
    public long Last { get; private set; } = -1;

    /// <summary>Begins a run of positions.</summary>
    public void Begin(long position, ReadOnlySpan<byte> linkBefore)
    {
        var body = Record(ArchiveNames.Segment, 8 + EventLink.Size);
        BinaryPrimitives.WriteInt64BigEndian(body, position);
        linkBefore.CopyTo(body[8..]);
    }

    /// <summary>Adds the next event of the run.</summary>
    /// <param name="fields">As they were hashed: <see cref="EventLink.Fields"/>.</param>
    public ValueTask Add(
        long position, ReadOnlySpan<byte> link, ReadOnlySpan<byte> fields, CancellationToken cancellation)
    {
        var body = Record(ArchiveNames.Event, EventLink.Size + fields.Length);
        link.CopyTo(body);
        fields.CopyTo(body[EventLink.Size..]);
        Count++;
        First = First < 0 ? position : First;
        Last = position;
        return _length < FlushAt ? ValueTask.CompletedTask : Flush(cancellation);
    }

    /// <summary>Closes the run.</summary>
    public void End(EventProof proof)
    {
        ArgumentNullException.ThrowIfNull(proof);
        var body = Record(ArchiveNames.Proof, 16 + proof.Hashes.Length);
        BinaryPrimitives.WriteUInt32BigEndian(body, (uint)proof.Index);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], (uint)proof.Count);
        BinaryPrimitives.WriteInt64BigEndian(body[8..], proof.Batch);
        proof.Hashes.Span.CopyTo(body[16..]);
    }

    internal async ValueTask Flush(CancellationToken cancellation)
    {
        await _stream.WriteAsync(_buffer.AsMemory(0, _length), cancellation);
        _length = 0;
    }

    private Span<byte> Record(byte kind, int length)
    {
        var at = _length;
        _length += HeadBytes + length;
        if (_length > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(_length, _buffer.Length * 2));
        _buffer[at] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(_buffer.AsSpan(at + 1), (uint)length);
        return _buffer.AsSpan(at + HeadBytes, length);
    }
}

/// <summary>That one event belongs to what a checkpoint stands for.</summary>
/// <param name="Index">The event's number in its batch, from 0.</param>
/// <param name="Count">How many events the batch has.</param>
/// <param name="Batch">The batch's number among all, from 0.</param>
/// <param name="Hashes">The path from the event to its batch's root, then from that to the checkpoint's root.</param>
public sealed record EventProof(long Index, long Count, long Batch, ReadOnlyMemory<byte> Hashes);
