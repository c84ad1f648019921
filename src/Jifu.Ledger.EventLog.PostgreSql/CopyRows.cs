using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Events as the bytes of PostgreSQL's binary COPY: one buffer, kept from batch to batch.</summary>
/// <remarks>The driver's importer writes value by value, which costs more than PostgreSQL's own part of the
/// work.</remarks>
internal sealed class CopyRows
{
    public const string Columns =
        "position, stream, version, event_id, type, recorded_at, actor, correlation_id, causation_id, payload";

    private const short ColumnCount = 10;

    // Signature, flags, length of the header's extension.
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private static readonly long Epoch = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    private byte[] _buffer = new byte[1 << 16];
    private int _length;

    /// <summary>What to send; valid until the next <see cref="Fill"/>.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public void Fill(
        IEnumerable<(PendingAppend Append, EventToAppend Event, long Version, long Position)> rows,
        DateTimeOffset recordedAt)
    {
        var microseconds = (recordedAt.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond;
        _length = 0;
        Raw(Header);
        foreach (var (append, @event, version, position) in rows)
        {
            Int16(ColumnCount);
            Int64(position);
            Text(append.Stream);
            Int64(version);
            Uuid(@event.EventId);
            Text(@event.Type);
            Int64(microseconds);
            Text(append.Metadata.Actor);
            Text(append.Metadata.CorrelationId);
            Text(append.Metadata.CausationId);
            Int32(@event.Payload.Length);
            Raw(@event.Payload.Span);
        }

        Int16(-1);
    }

    private void Text(string? value)
    {
        if (value is null)
        {
            Int32(-1);
            return;
        }

        var room = Room(sizeof(int) + Encoding.UTF8.GetMaxByteCount(value.Length));
        var bytes = Encoding.UTF8.GetBytes(value, room[sizeof(int)..]);
        BinaryPrimitives.WriteInt32BigEndian(room, bytes);
        _length += sizeof(int) + bytes;
    }

    private void Uuid(Guid value)
    {
        Int32(16);
        value.TryWriteBytes(Room(16), bigEndian: true, out _);
        _length += 16;
    }

    private void Int64(long value)
    {
        Int32(sizeof(long));
        BinaryPrimitives.WriteInt64BigEndian(Room(sizeof(long)), value);
        _length += sizeof(long);
    }

    private void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), value);
        _length += sizeof(int);
    }

    private void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), value);
        _length += sizeof(short);
    }

    private void Raw(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        _length += bytes.Length;
    }

    private Span<byte> Room(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + bytes));
        return _buffer.AsSpan(_length);
    }
}
