using Google.Protobuf.WellKnownTypes;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>One client that follows: told each event once and in order, how far a filter has looked, when it has caught
/// up and when it has fallen behind again.</summary>
internal sealed class Subscription(
    FaceCall call, Admission admission, ReadOrder order, IEventLog log, HeadWatch watch)
{
    // The client that can bear it is told when it falls behind by a whole page.
    private const uint BearsFellBehind = 2;

    private readonly PageSize _size = new();
    private bool _isLive;
    private long _unchecked;

    /// <summary>Never returns.</summary>
    /// <param name="after">The last number not to be told: a version of the stream, or a position of all.</param>
    public async Task Run(long after)
    {
        while (true)
        {
            await admission.Check();

            // Asked before the page: what comes in between wakes us at once, and a page of all that is short says
            // nothing of the end.
            var head = order.Stream is null && _isLive ? after : await log.Stored.Head(call.Ended);
            var asked = _size.Next(order.Stream is null ? long.MaxValue : PageSize.WholeMax);

            // What is past is told as it is stored; live, all who follow share what was just written.
            var read = _isLive ? log : log.Stored;
            var page = order.Stream is { } stream
                ? await read.ReadStream(stream, after, asked, call.Ended)
                : await read.ReadAll(after, asked, call.Ended);
            if (Gap.In(page, Number, after) is { } missing)
                throw new InvalidDataException($"Number {missing} is not there, and others follow.");
            _size.Learn(page);
            if (_isLive && page.Count == asked && order.Compatibility >= BearsFellBehind)
                await FellBehind(after);
            foreach (var recorded in page)
                await Tell(recorded);
            if (page.Count > 0)
                after = Number(page[^1]);
            if (!_isLive && (order.Stream is null ? after >= head : page.Count < asked))
                await CaughtUp(after);
            await call.Flush();
            if (page.Count == 0)
                await watch.Past(order.Stream is null ? after : head, call.Ended);
        }
    }

    private long Number(RecordedEvent recorded) => order.Stream is null ? recorded.Position : recorded.Version;

    private async Task Tell(RecordedEvent recorded)
    {
        if (order.Filter is null)
        {
            await call.Write(EventMessage.Of(recorded, order.StructuredIds));
            return;
        }

        if (order.Filter.Admits(recorded))
            await call.Write(EventMessage.Of(recorded, order.StructuredIds));
        if (++_unchecked >= order.Filter.CheckpointEvery)
            await Checkpoint(recorded.Position);
    }

    private async Task Checkpoint(long position)
    {
        _unchecked = 0;
        await call.Write(new ReadResp
        {
            Checkpoint = new()
            {
                CommitPosition = (ulong)position, PreparePosition = (ulong)position, Timestamp = Now(),
            },
        });
    }

    private async Task CaughtUp(long number)
    {
        _isLive = true;
        if (_unchecked > 0)
            await Checkpoint(number);
        var caughtUp = new ReadResp.Types.CaughtUp { Timestamp = Now() };
        if (order.Stream is not null)
            caughtUp.StreamRevision = number;
        else if (number >= 0)
            caughtUp.Position = new() { CommitPosition = (ulong)number, PreparePosition = (ulong)number };
        await call.Write(new ReadResp { CaughtUp = caughtUp });
    }

    private async Task FellBehind(long number)
    {
        _isLive = false;
        var behind = new ReadResp.Types.FellBehind { Timestamp = Now() };
        if (order.Stream is not null)
            behind.StreamRevision = number;
        else if (number >= 0)
            behind.Position = new() { CommitPosition = (ulong)number, PreparePosition = (ulong)number };
        await call.Write(new ReadResp { FellBehind = behind });
    }

    private static Timestamp Now() => TimeProvider.System.GetUtcNow().ToTimestamp();
}
