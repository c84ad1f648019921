using System.Buffers;
using Google.Protobuf;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>Makes messages of bytes, unless far too many objects would come of them: an empty event takes two bytes on
/// the wire and a hundred times as many in memory.</summary>
internal static class AppendBytes
{
    // Some names to each event are usual; a little too many is told by the append's own rules.
    private const int PartsMax = 20 * AppendCheck.EventsMax;

    private const int MetadataField = BatchAppendReq.Types.ProposedMessage.MetadataFieldNumber;

    private static readonly MessageParser<AppendReq> One =
        AppendReq.Parser.WithDiscardUnknownFields(true);

    private static readonly MessageParser<BatchAppendReq> Batch =
        BatchAppendReq.Parser.WithDiscardUnknownFields(true);

    public static AppendReq ParseOne(ReadOnlySequence<byte> message) =>
        One.ParseFrom(Checked(message, AppendReq.ProposedMessageFieldNumber));

    public static BatchAppendReq ParseBatch(ReadOnlySequence<byte> message) =>
        Batch.ParseFrom(Checked(message, BatchAppendReq.ProposedMessagesFieldNumber));

    private static ReadOnlySequence<byte> Checked(ReadOnlySequence<byte> message, int events) =>
        Parts(message, events, MetadataField) <= PartsMax
            ? message
            : throw FaceRefusals.Invalid(
                $"An append has 1 to {AppendCheck.EventsMax} events, and each a few names in its metadata.");

    /// <summary>Counts the parts of a kind, and the parts of another kind within them, as the parser would find
    /// them.</summary>
    /// <remarks>What is no message is left to the parser to say.</remarks>
    private static long Parts(ReadOnlySequence<byte> message, int field, int within)
    {
        var reader = new SequenceReader<byte>(message);
        var count = 0L;
        while (count <= PartsMax && TryRead(ref reader, out var tag))
        {
            var length = 0u;
            var isThere = (tag & 7) switch
            {
                0 => TryRead(ref reader, out _),
                1 => (length = sizeof(ulong)) > 0,
                2 => TryRead(ref reader, out length),
                3 or 4 => true,
                5 => (length = sizeof(uint)) > 0,
                _ => false,
            };
            if (!isThere || length > reader.Remaining)
                break;
            if ((tag & 7) == 2 && tag >> 3 == field)
                count += 1 + (within == 0 ? 0 : Parts(reader.UnreadSequence.Slice(0, length), within, 0));
            reader.Advance(length);
        }

        return count;
    }

    // A number of at most 32 bits, of which the parser ignores what stands beyond.
    private static bool TryRead(ref SequenceReader<byte> reader, out uint number)
    {
        number = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            if (!reader.TryRead(out var part))
                return false;
            if (shift < 32)
                number |= (part & 0x7Fu) << shift;
            if (part < 0x80)
                return true;
        }

        return false;
    }
}
