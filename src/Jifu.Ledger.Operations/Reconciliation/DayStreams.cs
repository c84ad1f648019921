using Jifu.Ledger.EventLog;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation;

/// <summary>The streams of channels' days: what each has been told, and how it is told more.</summary>
public sealed class DayStreams(IEventLog log, EventCodec codec, IdSource ids)
{
    private const int ChunkMax = 500;

    public async Task<(ReconciledDay Day, long Version)> Load(
        Channel channel, BusinessDay day, CancellationToken cancellation)
    {
        var history = await log.Load<ReconciliationEvent>(codec, StreamOf(channel, day), cancellation);
        return (history.Events.Aggregate(ReconciledDay.Initial, ReconciledDay.Evolve), history.Version);
    }

    /// <summary>Tells a day its news: small ones in one append, very many in several, each of which a restart goes on
    /// from. Stops where another writer came first.</summary>
    public async Task Append(
        Channel channel, BusinessDay day, long version, IEnumerable<ReconciliationEvent> news, EventMetadata metadata)
    {
        foreach (var chunk in news.Chunk(ChunkMax))
        {
            var result = await log.TryAppend(
                codec, ids, StreamOf(channel, day), version, chunk, metadata, CancellationToken.None);
            if (result.Outcome == AppendOutcome.Conflict)
                return;
            version = result.Version;
        }
    }

    private static StreamName StreamOf(Channel channel, BusinessDay day) =>
        new("reconciliation", $"{channel.Name()}_{day}");
}
