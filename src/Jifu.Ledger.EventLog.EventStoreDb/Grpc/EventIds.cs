using System.Buffers.Binary;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>Ids of events and batches on the wire: as text, or as two numbers of eight bytes, big-endian.</summary>
public static class EventIds
{
    public static UUID ToText(this Guid id) => new() { String = id.ToString("D") };

    public static UUID ToStructured(this Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return new()
        {
            Structured = new()
            {
                MostSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes),
                LeastSignificantBits = BinaryPrimitives.ReadInt64BigEndian(bytes[8..]),
            },
        };
    }

    /// <summary>Reads either form.</summary>
    /// <exception cref="GrpcException">It is neither (INVALID_ARGUMENT).</exception>
    public static Guid ToGuid(this UUID? id)
    {
        switch (id?.ValueCase)
        {
            case UUID.ValueOneofCase.String when Guid.TryParse(id.String, out var guid):
                return guid;
            case UUID.ValueOneofCase.Structured:
                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteInt64BigEndian(bytes, id.Structured.MostSignificantBits);
                BinaryPrimitives.WriteInt64BigEndian(bytes[8..], id.Structured.LeastSignificantBits);
                return new(bytes, bigEndian: true);
            default:
                throw new GrpcException(Code.InvalidArgument, $"'{id}' is no id.");
        }
    }
}
