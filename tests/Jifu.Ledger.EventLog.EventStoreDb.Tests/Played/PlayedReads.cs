using System.Globalization;
using System.Text.RegularExpressions;
using Google.Protobuf;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Options = Jifu.Ledger.EventLog.EventStoreDb.Protocol.ReadReq.Types.Options;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

/// <summary>How the played node is read.</summary>
internal sealed class PlayedReads(PlayedNode node)
{
    private const int CheckpointEvery = 32;

    public async Task Answer(PlayedCall call)
    {
        node.ThrowUnlessLeader(call);
        var options = (await call.Next(ReadReq.Parser))!.Options;
        if (options.UuidOption is null)
            throw new GrpcException(Code.InvalidArgument, "Which form of ids?");
        switch (options.StreamOptionCase, options.CountOptionCase)
        {
            case (Options.StreamOptionOneofCase.Stream, Options.CountOptionOneofCase.Count):
                await Stream(call, options);
                break;
            case (Options.StreamOptionOneofCase.All, Options.CountOptionOneofCase.Count):
                await All(call, options);
                break;
            case (Options.StreamOptionOneofCase.All, Options.CountOptionOneofCase.Subscription):
                await Follow(call, options);
                break;
            default:
                throw new GrpcException(Code.InvalidArgument, "The combination is invalid.");
        }

        call.End(Code.Ok);
    }

    public static ReadResp Event(PlayedEvent written, bool tellsPosition = true)
    {
        var position = tellsPosition ? (ulong)written.Position : ulong.MaxValue;
        var read = new ReadResp.Types.ReadEvent
        {
            Event = new()
            {
                Id = written.Id.ToText(),
                StreamIdentifier = new() { StreamName = ByteString.CopyFromUtf8(written.Stream) },
                StreamRevision = (ulong)written.Revision, CommitPosition = position, PreparePosition = position,
                Metadata =
                {
                    ["type"] = written.Type, ["content-type"] = written.ContentType,
                    ["created"] = (written.Created - DateTimeOffset.UnixEpoch).Ticks
                        .ToString(CultureInfo.InvariantCulture),
                },
                CustomMetadata = written.Metadata, Data = written.Data,
            },
        };
        if (tellsPosition)
            read.CommitPosition = position;
        else
            read.NoPosition = new();
        return new() { Event = read };
    }

    private bool IsIndexed(PlayedEvent written) => written.Position <= node.IndexEnd;

    // As 23.10 does: events of a stream have no position.
    private async Task Stream(PlayedCall call, Options options)
    {
        var name = options.Stream.StreamIdentifier;
        var stream = node.Log.Stream(name.StreamName.ToStringUtf8()).Where(IsIndexed).ToList();
        if (stream.Count == 0)
            await call.Answer(new ReadResp { StreamNotFound = new() { StreamIdentifier = name } });
        foreach (var one in stream.Where(one => one.Revision >= (long)options.Stream.Revision)
            .Take((int)Math.Min(options.Count, int.MaxValue)))
            await call.Answer(Event(one, tellsPosition: false));
    }

    private async Task All(PlayedCall call, Options options)
    {
        var from = options.All.AllOptionCase == Options.Types.AllOptions.AllOptionOneofCase.Position
            ? (long)options.All.Position.CommitPosition
            : 0;
        ThrowUnlessPosition(from);
        var isBack = options.ReadDirection == Options.Types.ReadDirection.Backwards;

        // Backwards, a position is the end of what comes.
        var events = isBack
            ? node.Log.After(-1).Where(one => from == 0 || one.Position < from).Reverse()
            : node.Log.After(from - 1);
        var wanted = Wanted(options);
        call.Context.Response.ContentType = "application/grpc";
        foreach (var one in events.Where(IsIndexed).Where(wanted).Take((int)Math.Min(options.Count, int.MaxValue)))
        {
            GrpcFrames.Write(call.Context.Response.BodyWriter, Event(one));
            if (call.Context.Response.BodyWriter.UnflushedBytes > 50_000)
                await call.Context.Response.BodyWriter.FlushAsync(call.Gone);
        }

        await call.Context.Response.BodyWriter.FlushAsync(call.Gone);
    }

    private async Task Follow(PlayedCall call, Options options)
    {
        var isPosition = options.All.AllOptionCase == Options.Types.AllOptions.AllOptionOneofCase.Position;
        var after = isPosition ? (long)options.All.Position.CommitPosition : -1;
        ThrowUnlessPosition(after);
        if (isPosition && options.All.Position.PreparePosition < options.All.Position.CommitPosition)
            after--;
        var wanted = Wanted(options);
        await call.Answer(new ReadResp { Confirmation = new() { SubscriptionId = "played" } });
        if (node.SubscriptionsToDrop-- > 0)
            throw new GrpcException(Code.Aborted, "Operation timed out: Consumer too slow to handle event while live.");
        var leftOut = 0;
        while (true)
        {
            var news = node.Log.News;
            foreach (var one in node.Log.After(after))
            {
                after = one.Position;
                if (wanted(one))
                    await call.Answer(Event(one));
                else if (++leftOut % CheckpointEvery == 0)
                    await call.Answer(new ReadResp
                    {
                        Checkpoint = new() { CommitPosition = (ulong)after, PreparePosition = (ulong)after },
                    });
            }

            await news.WaitAsync(call.Gone);
        }
    }

    // EventStoreDB takes a position for a place in its file.
    private void ThrowUnlessPosition(long position)
    {
        var from = node.Log.After(position - 1);
        if (position > 0 && (from.Count == 0 || from[0].Position != position))
            throw new GrpcException(Code.Unknown, "Unexpected FilteredReadAllResult: InvalidPosition");
    }

    private static Func<PlayedEvent, bool> Wanted(Options options)
    {
        if (options.Filter is not { } filter)
            return _ => true;
        if (filter.Max == 0)
            throw new GrpcException(Code.InvalidArgument, "The search window is 1 or more.");
        var pattern = new Regex(filter.StreamIdentifier.Regex);
        return one => pattern.IsMatch(one.Stream);
    }
}
