using Google.Protobuf;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Answers <c>Streams.Read</c>: a stretch of one stream or of all, or a subscription.</summary>
/// <remarks>Nothing is read ahead of the client but one page: a slow one is waited for, and is never dropped. How many
/// there are at once is bounded.</remarks>
internal sealed class ReadCall(IEventLog log, LogTail tail, Subscriptions subscriptions)
{
    private const int RequestBytesMax = 1 << 20;

    // Each may hold a page for as long as its client takes nothing.
    private const int Most = 100;

    private readonly Places _places = new(Most, $"{Most} reads are under way already.");

    public async Task Answer(FaceCall call, Admission admission)
    {
        var order = ReadOrder.Of(await call.Only(ReadReq.Parser, RequestBytesMax));
        if (order.Follows)
            await subscriptions.Follow(call, admission, order);
        else
            await _places.Use(() => Read(call, admission, order));
    }

    private async Task Read(FaceCall call, Admission admission, ReadOrder order)
    {
        if (order.Name.Length > 0)
            await ReadStream(call, admission, order);
        else
            await Send(call, order, new(Page, one => one.Position, await log.Stored.Head(call.Ended)));
        await call.Flush();

        async Task<IReadOnlyList<RecordedEvent>> Page(long after, int count, CancellationToken ended)
        {
            await admission.Check();
            return await log.Stored.ReadAll(after, count, ended);
        }
    }

    private async Task ReadStream(FaceCall call, Admission admission, ReadOrder order)
    {
        if (order.Stream is { } stream && await tail.Version(stream, call.Ended) is var last and >= 0)
        {
            await Send(call, order, new(Page, one => one.Version, last));
            if (order.Compatibility > 0)
                await call.Write(new ReadResp { LastStreamPosition = (ulong)last });
            return;
        }

        await call.Write(new ReadResp
        {
            StreamNotFound = new() { StreamIdentifier = new() { StreamName = ByteString.CopyFromUtf8(order.Name) } },
        });

        async Task<IReadOnlyList<RecordedEvent>> Page(long after, int count, CancellationToken ended)
        {
            await admission.Check();
            return await log.Stored.ReadStream(order.Stream!.Value, after, Math.Min(count, PageSize.WholeMax), ended);
        }
    }

    private static async Task Send(FaceCall call, ReadOrder order, Stretch stretch)
    {
        // What a filter leaves out does not count.
        var countMax = order.Filter is null ? order.CountMax : long.MaxValue;
        var events = order.Backwards
            ? stretch.Backwards(order.From.Before, countMax, call.Ended)
            : stretch.Forwards(order.From.After(follows: false), countMax, call.Ended);
        var left = order.CountMax;
        await foreach (var recorded in events)
        {
            if (left == 0)
                return;
            if (order.Filter?.Admits(recorded) == false)
                continue;
            await call.Write(EventMessage.Of(recorded, order.StructuredIds));
            left--;
        }
    }
}
