using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Goes through the log's rows and hashes all of them again.</summary>
/// <param name="each">Shown every event that stands where it may.</param>
internal sealed class LogWalk(
    StoredLog log, Findings findings, CheckpointCheck? checkpoints, Action<StoredEvent>? each = null)
{
    public ChainCheck Chain { get; } = new(findings);

    public BatchCheck Batches { get; } = new(findings);

    /// <summary>From just after a checkpoint, or from the beginning, to a position.</summary>
    /// <param name="after">Where to begin: a position with its link, and the tree over all batches up to it.</param>
    public async Task Run(
        (long Position, byte[] Link, byte[] Peaks, long Batches) after, long last, CancellationToken cancellation)
    {
        var first = after.Position + 1;
        Chain.Begin(first, after.Link);
        Batches.Begin(first, after.Peaks, after.Batches);

        // From the very beginning there is nothing before: what stands there all the same is found.
        var from = first == 0 ? long.MinValue : first;
        await using var batches = log.Batches(from, long.MaxValue, cancellation).GetAsyncEnumerator(cancellation);
        var isMore = await batches.MoveNextAsync();
        await foreach (var stored in log.Events(from, last, cancellation))
        {
            for (; isMore && batches.Current.First <= stored.Position; isMore = await batches.MoveNextAsync())
                Batches.Expect(batches.Current);
            var isInOrder = stored.Position >= Chain.Next;
            Chain.Take(stored);
            if (!isInOrder)
                continue;
            each?.Invoke(stored);
            var ends = Batches.Take(stored.Position, stored.Link);
            checkpoints?.Take(stored.Position, stored.Link, Batches.All, ends);
        }

        for (; isMore && batches.Current.Last <= last; isMore = await batches.MoveNextAsync())
            Batches.Expect(batches.Current);
        if (Chain.Next <= last)
            findings.Add(
                FindingKind.EventMissing, Chain.Next, null, $"Positions {Chain.Next} to {last} are missing.");
        Batches.EndOfLog(last);
    }
}
