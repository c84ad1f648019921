using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Status = Jifu.Ledger.EventLog.EventStoreDb.Protocol.Status;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

using Expected = AppendReq.Types.Options.ExpectedStreamRevisionOneofCase;
using ExpectedInBatch = BatchAppendReq.Types.Options.ExpectedStreamPositionOneofCase;

/// <summary>How the played node takes appends.</summary>
internal sealed class PlayedAppends(PlayedNode node)
{
    private const string NotReady = "Server Is Not Ready";

    public async Task Alone(PlayedCall call)
    {
        node.ThrowUnlessLeader(call);
        if (node.IsPreLeader)
            throw new GrpcException(Code.Unavailable, NotReady);
        var options = (await call.Next(AppendReq.Parser))!.Options
            ?? throw new GrpcException(Code.InvalidArgument, "The options come first.");
        var proposed = new List<ProposedEvent>();
        while (await call.Next(AppendReq.Parser) is { } next)
        {
            var one = next.ProposedMessage;
            proposed.Add(Event(one.Id, one.Metadata, one.Data, one.CustomMetadata));
        }

        if (Weight(proposed) > node.AppendBytesMax)
            throw new GrpcException(
                Code.InvalidArgument, $"Maximum Append Size of {node.AppendBytesMax} Exceeded.",
                new Dictionary<string, string>
                {
                    ["exception"] = "maximum-append-size-exceeded", ["maximum-append-size"] = $"{node.AppendBytesMax}",
                });
        var expected = options.ExpectedStreamRevisionCase == Expected.Revision ? (long)options.Revision : -1;
        var (position, current) = node.Log.Append(
            options.StreamIdentifier.StreamName.ToStringUtf8(), expected, proposed, DateTimeOffset.UtcNow);
        await call.Answer(position is { } at
            ? new AppendResp
            {
                Success = new()
                {
                    CurrentRevision = (ulong)current,
                    Position = new() { CommitPosition = (ulong)at, PreparePosition = (ulong)at },
                },
            }
            : current < 0
                ? new AppendResp { WrongExpectedVersion = new() { NoStream2060 = new(), CurrentNoStream = new() } }
                : new AppendResp { WrongExpectedVersion = new() { CurrentRevision = (ulong)current } });
        call.End(Code.Ok);
    }

    public async Task AmongMany(PlayedCall call)
    {
        node.ThrowUnlessLeader(call);
        var open = new Dictionary<Guid, (BatchAppendReq.Types.Options Options, List<ProposedEvent> Events)>();
        while (await call.Next(BatchAppendReq.Parser) is { } request)
        {
            var id = request.CorrelationId.ToGuid();
            if (request.Options is { } options)
                open[id] = (options, []);
            if (!open.TryGetValue(id, out var append))
                continue;
            append.Events.AddRange(request.ProposedMessages.Select(one =>
                Event(one.Id, one.Metadata, one.Data, one.CustomMetadata)));
            if (!request.IsFinal)
                continue;
            open.Remove(id);
            await call.Answer(Done(request.CorrelationId, append.Options, append.Events));
        }

        call.End(Code.Ok);
    }

    /// <summary>Takes one append of a batch, and says what came of it.</summary>
    public BatchAppendResp Done(
        UUID correlation, BatchAppendReq.Types.Options options, List<ProposedEvent> events)
    {
        var answer = new BatchAppendResp { CorrelationId = correlation, StreamIdentifier = options.StreamIdentifier };
        if (node.IsPreLeader)
        {
            answer.Error = new() { Message = NotReady, Details = Any.Pack(new Google.Protobuf.WellKnownTypes.Empty()) };
            return answer;
        }

        if (Weight(events) > node.AppendBytesMax)
        {
            answer.Error = Error(
                Code.InvalidArgument, new MaximumAppendSizeExceeded { MaxAppendSize = (uint)node.AppendBytesMax });
            return answer;
        }

        var expected = options.ExpectedStreamPositionCase == ExpectedInBatch.StreamPosition
            ? (long)options.StreamPosition
            : -1;
        var (position, current) = node.Log.Append(
            options.StreamIdentifier.StreamName.ToStringUtf8(), expected, events, DateTimeOffset.UtcNow);
        if (position is { } at)
            answer.Success = new()
            {
                CurrentRevision = (ulong)current,
                Position = new() { CommitPosition = (ulong)at, PreparePosition = (ulong)at },
            };
        else
            answer.Error = Error(Code.AlreadyExists, current < 0
                ? new WrongExpectedVersion { CurrentNoStream = new() }
                : new WrongExpectedVersion { CurrentStreamRevision = (ulong)current });
        return answer;
    }

    public static Status Error(Code code, IMessage details) =>
        new() { Code = code, Message = details.Descriptor.Name, Details = Any.Pack(details) };

    // The type and the content type are required: so is it in EventStoreDB.
    private static ProposedEvent Event(
        UUID id, MapField<string, string> metadata, ByteString data, ByteString custom) =>
        new(id.ToGuid(), metadata["type"], metadata["content-type"], data, custom);

    private static int Weight(IEnumerable<ProposedEvent> events) =>
        events.Sum(one => one.Data.Length + one.Metadata.Length + (2 * one.Type.Length));
}
