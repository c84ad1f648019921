using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>How messages stand in the body of a call: a flag byte, the length as four bytes big-endian, the message.
/// The same both ways.</summary>
public static class GrpcFrames
{
    private const int HeaderBytes = 5;

    /// <summary>Puts one message into a body. Nothing is sent until the writer is flushed.</summary>
    public static void Write(IBufferWriter<byte> body, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(message);
        var header = body.GetSpan(HeaderBytes);
        header[0] = 0;
        BinaryPrimitives.WriteInt32BigEndian(header[1..], message.CalculateSize());
        body.Advance(HeaderBytes);
        message.WriteTo(body);
    }

    /// <summary>Takes the next message from a body; null at its end.</summary>
    /// <param name="body">Of a request or a response.</param>
    /// <param name="parser">Of the kind of message that the method carries.</param>
    /// <param name="bytesMax">The largest message that is taken in.</param>
    /// <param name="cancellation">Ends the waiting; the body cannot be read on afterwards.</param>
    /// <exception cref="GrpcException">The message is too large (RESOURCE_EXHAUSTED), compressed (UNIMPLEMENTED), cut
    /// off or no message at all (INTERNAL).</exception>
    public static ValueTask<T?> Read<T>(
        PipeReader body, MessageParser<T> parser, int bytesMax, CancellationToken cancellation)
        where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(parser);
        return Read(body, parser.ParseFrom, bytesMax, begins: null, cancellation);
    }

    /// <param name="body">Of a request or a response.</param>
    /// <param name="parse">Makes a message of its bytes.</param>
    /// <param name="bytesMax">The largest message that is taken in.</param>
    /// <param name="begins">Told of each message's length, and waited for, before more of it is read; null for
    /// nobody.</param>
    /// <param name="cancellation">Ends the waiting; the body cannot be read on afterwards.</param>
    /// <inheritdoc cref="Read{T}(PipeReader, MessageParser{T}, int, CancellationToken)"/>
    public static async ValueTask<T?> Read<T>(
        PipeReader body, Func<ReadOnlySequence<byte>, T> parse, int bytesMax, Func<int, ValueTask>? begins,
        CancellationToken cancellation) where T : class, IMessage<T>
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(parse);
        int? length = null;
        while (true)
        {
            var read = await body.ReadAsync(cancellation);
            if (length is null)
            {
                length = LengthOf(read.Buffer, bytesMax);
                if (length is { } begun && begins is not null)
                    await begins(begun);
            }

            if (length is { } whole && read.Buffer.Length >= HeaderBytes + whole)
            {
                var frame = read.Buffer.Slice(HeaderBytes, whole);
                var message = Parsed(frame, parse);
                body.AdvanceTo(frame.End);
                return message;
            }

            if (read.IsCompleted || read.IsCanceled)
                return read.Buffer.IsEmpty
                    ? null
                    : throw new GrpcException(Code.Internal, "The body ends in the middle of a message.");
            body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static int? LengthOf(in ReadOnlySequence<byte> buffer, int bytesMax)
    {
        if (buffer.Length < HeaderBytes)
            return null;
        Span<byte> header = stackalloc byte[HeaderBytes];
        buffer.Slice(0, HeaderBytes).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (header[0] != 0)
            throw new GrpcException(Code.Unimplemented, "Compressed messages are not understood.");
        return length <= bytesMax
            ? (int)length
            : throw new GrpcException(
                Code.ResourceExhausted, $"A message of {length} bytes is larger than the {bytesMax} that are taken.");
    }

    private static T Parsed<T>(in ReadOnlySequence<byte> frame, Func<ReadOnlySequence<byte>, T> parse)
    {
        try
        {
            return parse(frame);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new GrpcException(Code.Internal, $"This is no {typeof(T).Name}: {e.Message}", cause: e);
        }
    }
}
