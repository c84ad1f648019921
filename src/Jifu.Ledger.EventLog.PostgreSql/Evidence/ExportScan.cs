using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Hashes the whole log up to a checkpoint, and finds on the way which events belong to what was asked
/// for.</summary>
internal sealed class ExportScan(ExportRequest request)
{
    // A server's clock may be behind another's, and a command may be decided just before midnight and recorded after.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private bool _isOver;

    public long First { get; private set; } = -1;

    public long Last { get; private set; } = -1;

    public long Count { get; private set; }

    /// <exception cref="LogAlteredException">The log is not what was written.</exception>
    public async Task Run(StoredLog log, Checkpoint anchor, CancellationToken cancellation)
    {
        var findings = new Findings();
        var walk = new LogWalk(log, findings, null, request.Kind switch
        {
            "day" => TakeOfDay,
            "stream" => TakeOfStream,
            _ => Take,
        });
        await walk.Run((-1, new byte[EventLink.Size], [], 0), anchor.Position, cancellation);
        if (findings.Kept is [var first, ..])
            throw new LogAlteredException(first);
        if (Convert.ToHexStringLower(walk.Chain.Kept) != anchor.Link || walk.Batches.All.Count != anchor.Batches
            || Notary.RootOf(walk.Batches.All) != anchor.Root)
            throw new LogAlteredException(new(
                FindingKind.CheckpointDiffers, anchor.Position, "link",
                $"The log is not the one that the checkpoint of position {anchor.Position} was taken of."));
    }

    /// <summary>Hashes a range alone, from the link that is kept before it, and follows its proof.</summary>
    /// <exception cref="LogAlteredException">It is not what was written, or too little is left around it to prove
    /// that.</exception>
    public static async Task RunRange(
        StoredLog log, long first, long last, Checkpoint anchor, CancellationToken cancellation)
    {
        var findings = new Findings();
        var chain = new ChainCheck(findings);
        chain.Begin(first, await log.Link(first - 1, cancellation));
        await foreach (var stored in log.Events(first, last, cancellation))
            chain.Take(stored);
        if (chain.Next <= last)
            findings.Add(
                FindingKind.EventMissing, chain.Next, null, $"Positions {chain.Next} to {last} are missing.");
        if (findings.Count == 0 && !await IsProved(log, last, chain.Kept.ToArray(), anchor, cancellation))
            findings.Add(
                FindingKind.ProofWrong, last, null,
                $"Position {last} cannot be proved to be in the log: its batch, or another, is not whole.");
        if (findings.Kept is [var found, ..])
            throw new LogAlteredException(found);
    }

    private static async Task<bool> IsProved(
        StoredLog log, long position, byte[] link, Checkpoint anchor, CancellationToken cancellation)
    {
        var index = new BatchIndex(log);
        await index.Load(anchor.Position, cancellation);
        var proof = await index.Prove(position, cancellation);
        var path = proof.Hashes.Span;
        var root = new byte[EventLink.Size];
        return MerklePath.TryFollow(link, proof.Index, proof.Count, ref path, root)
            && MerklePath.TryFollow(root, proof.Batch, anchor.Batches, ref path, root)
            && Convert.ToHexStringLower(root) == anchor.Root;
    }

    private void TakeOfStream(StoredEvent stored)
    {
        if (stored.Stream == request.Stream)
            Take(stored);
    }

    // All positions between the first of the day and the first after it, whatever two servers' clocks differ by.
    private void TakeOfDay(StoredEvent stored)
    {
        var day = request.Day!.Value;
        _isOver |= stored.RecordedAt >= day.Next.Start + Margin;
        if (!_isOver && (First >= 0 || stored.RecordedAt >= day.Start - Margin))
            Take(stored);
    }

    private void Take(StoredEvent stored)
    {
        First = First < 0 ? stored.Position : First;
        Last = stored.Position;
        Count++;
    }
}
