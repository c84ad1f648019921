using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>The chain over all events: each event's link hashes all its fields and the link before it.</summary>
/// <remarks>
/// <para>
/// SHA-256 over the words <c>jifu.event.v1</c>, the link before (32 zero bytes before the first event), position,
/// stream, version, event id, type, recorded at, actor, correlation id, causation id and payload, each preceded by its
/// length as 4 bytes, big-endian, so that no two events have the same bytes. Numbers are 8 bytes, big-endian; the id is
/// its 16 bytes as written; text is UTF-8; times count microseconds since 1970, UTC; no causation id is the length
/// FFFFFFFF. These bytes are a format: <c>docs/reference/evidence.md</c>.
/// </para>
/// <para>Keeps one buffer, so extending it allocates nothing. For one thread at a time.</para>
/// </remarks>
public sealed class EventLink
{
    /// <summary>Bytes of a link.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    private const int FieldsAt = 4 + 13 + 4 + Size;
    private const int LinkAt = FieldsAt - Size;
    private const uint Absent = uint.MaxValue;

    private byte[] _bytes = new byte[2048];
    private int _end = FieldsAt;

    /// <summary>Begins before the first event of a log.</summary>
    public EventLink()
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes, 13);
        "jifu.event.v1"u8.CopyTo(_bytes.AsSpan(4));
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(LinkAt - 4), Size);
    }

    /// <summary>The link of the event taken in last, or the one it was reset to; valid until the next.</summary>
    public ReadOnlySpan<byte> Current => _bytes.AsSpan(LinkAt, Size);

    /// <summary>The hashed bytes of the event taken in last, from the position to the payload, lengths
    /// included.</summary>
    public ReadOnlySpan<byte> Fields => _bytes.AsSpan(FieldsAt, _end - FieldsAt);

    /// <summary>Goes on from a known link; 32 zero bytes begin a log.</summary>
    public void Reset(ReadOnlySpan<byte> link)
    {
        if (link.Length != Size)
            throw new ArgumentException($"A link has {Size} bytes, not {link.Length}.");
        link.CopyTo(_bytes.AsSpan(LinkAt));
    }

    /// <summary>Takes the next event in; its link is then <see cref="Current"/>.</summary>
    /// <param name="recordedAt">Counts to the microsecond: what is finer is not kept, and must not be stored.</param>
    public ReadOnlySpan<byte> Extend(
        long position, ReadOnlySpan<char> stream, long version, Guid eventId, ReadOnlySpan<char> type,
        DateTimeOffset recordedAt, ReadOnlySpan<char> actor, ReadOnlySpan<char> correlationId, string? causationId,
        ReadOnlySpan<byte> payload)
    {
        _end = FieldsAt;
        Number(position);
        Text(stream);
        Number(version);
        eventId.TryWriteBytes(Field(16), bigEndian: true, out _);
        Text(type);
        Number(Microseconds(recordedAt));
        Text(actor);
        Text(correlationId);
        if (causationId is null)
            Length(Absent);
        else
            Text(causationId);
        payload.CopyTo(Field(payload.Length));
        return Hash();
    }

    /// <summary>Takes the next event in, as an archive holds it: its fields as they are hashed.</summary>
    public ReadOnlySpan<byte> Extend(ReadOnlySpan<byte> fields)
    {
        _end = FieldsAt;
        fields.CopyTo(Room(fields.Length));
        return Hash();
    }

    /// <summary>The link of a recorded event, given the one before it.</summary>
    public ReadOnlySpan<byte> Extend(RecordedEvent recorded)
    {
        ArgumentNullException.ThrowIfNull(recorded);
        var metadata = recorded.Metadata;
        return Extend(
            recorded.Position, recorded.Stream.ToString(), recorded.Version, recorded.EventId, recorded.Type,
            recorded.RecordedAt, metadata.Actor, metadata.CorrelationId, metadata.CausationId, recorded.Payload.Span);
    }

    /// <summary>Hashes the event taken in last once more, as if another link stood before it.</summary>
    internal ReadOnlySpan<byte> Again(ReadOnlySpan<byte> linkBefore)
    {
        linkBefore.CopyTo(_bytes.AsSpan(LinkAt));
        return Hash();
    }

    /// <summary>A time as it is hashed: whole microseconds since 1970-01-01 UTC.</summary>
    public static long Microseconds(DateTimeOffset time) =>
        (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    private ReadOnlySpan<byte> Hash()
    {
        FastSha256.Hash(_bytes.AsSpan(0, _end), _bytes.AsSpan(LinkAt, Size));
        return Current;
    }

    private void Number(long value) => BinaryPrimitives.WriteInt64BigEndian(Field(8), value);

    private void Text(ReadOnlySpan<char> text)
    {
        var lengthAt = _end;
        Length(0);
        var length = Encoding.UTF8.GetBytes(text, Room(Encoding.UTF8.GetMaxByteCount(text.Length)));
        _end = lengthAt + 4 + length;
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.AsSpan(lengthAt), (uint)length);
    }

    private Span<byte> Field(int length)
    {
        Length((uint)length);
        return Room(length);
    }

    private void Length(uint length) => BinaryPrimitives.WriteUInt32BigEndian(Room(4), length);

    private Span<byte> Room(int length)
    {
        var at = _end;
        _end += length;
        if (_end > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_end, _bytes.Length * 2));
        return _bytes.AsSpan(at, length);
    }
}
