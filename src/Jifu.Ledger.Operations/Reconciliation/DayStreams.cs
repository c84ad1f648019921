using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>The streams of channels' days: what each has been told, and how it is told more.</summary>
public sealed class DayStreams(IEventLog log, EventCodec codec, IdSource ids)
{
    public async Task<(ReconciledDay Day, long Version)> Load(
        Channel channel, BusinessDay day, CancellationToken cancellation)
    {
        var history = await log.Load<ReconciliationEvent>(codec, StreamOf(channel, day), cancellation);
        return (history.Events.Aggregate(ReconciledDay.Initial, ReconciledDay.Evolve), history.Version);
    }

    /// <summary>Tells a day its news: small ones in one append, very many in several, each of which a restart goes on
    /// from. Stops where another writer came first.</summary>
    /// <returns>False when another writer did.</returns>
    public async Task<bool> Append(
        Channel channel, BusinessDay day, long version, IReadOnlyList<ReconciliationEvent> news,
        EventMetadata metadata) =>
        (await log.AppendInPieces(
            codec, ids, StreamOf(channel, day), version, news, metadata, CancellationToken.None)).Told == news.Count;

    private static StreamName StreamOf(Channel channel, BusinessDay day) =>
        new("reconciliation", $"{channel.Name()}_{day}");
}
