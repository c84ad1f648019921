using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

/// <summary>Everybody who follows the log, or a stream of it, bounded in number.</summary>
internal sealed class Subscriptions(IEventLog log, LogTail tail, HeadWatch watch, IdSource ids)
{
    private const int Most = 200;

    private readonly Places _places = new(Most, $"{Most} subscriptions are open already.");

    /// <summary>How many follow now.</summary>
    public int Open => _places.Taken;

    /// <summary>Follows until the client has had enough. It never returns otherwise.</summary>
    public Task Follow(FaceCall call, Admission admission, ReadOrder order) => _places.Use(async () =>
    {
        await call.AnswerOnce(new ReadResp { Confirmation = new() { SubscriptionId = $"{ids.Next()}" } });
        await new Subscription(call, admission, order, log, watch).Run(
            order.From.IsEnd ? await End(order, call.Ended) : order.From.After(follows: true));
    });

    private Task<long> End(ReadOrder order, CancellationToken cancellation) =>
        order.Stream is { } stream ? tail.Version(stream, cancellation) : log.Stored.Head(cancellation);
}
