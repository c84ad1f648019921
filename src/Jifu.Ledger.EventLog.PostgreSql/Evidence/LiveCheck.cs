using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Checks the log where it lives, from its first event to its last, against all checkpoints, those inside and
/// those outside the database; and against the store that it is a copy of.</summary>
/// <param name="keyFolder">Where the keys' public halves belong.</param>
/// <param name="copy">Null when the log is no copy.</param>
public sealed class LiveCheck(
    StoredLog log, CheckpointBook book, CheckpointFolder folder, Func<IReadOnlyList<EvidenceKey>> keys,
    string keyFolder, LogCopy? copy = null)
{
    /// <summary>Reads the whole log once: some seconds for each million events.</summary>
    public async Task<EvidenceReport> Run(CancellationToken cancellation)
    {
        var findings = new Findings();
        await CatchUp(findings, cancellation);
        var checkpoints = new CheckpointCheck(await log.Id(cancellation), keys(), findings, keyFolder);

        // What is written while we look is not looked at, nor are checkpoints of it.
        var end = Math.Max(await log.End(cancellation), await log.Last(cancellation));
        await AddCheckpoints(checkpoints, findings, cancellation);
        var walk = new LogWalk(log, findings, checkpoints);
        await walk.Run((-1, new byte[EventLink.Size], [], 0), end, cancellation);
        checkpoints.EndOfLog(Math.Max(end, await log.Last(cancellation)));
        if (copy is not null)
            await copy.Compare(log.Events(0, end, cancellation), findings, cancellation);
        var notes = new List<string>();
        if (checkpoints.Newest is { } newest && newest.Position < end)
            notes.Add($"Positions {newest.Position + 1} to {end} are newer than the newest checkpoint: who can write "
                + "to the database as its owner could have written them anew.");
        if (checkpoints.Newest is null)
            notes.Add("There is no checkpoint: the chain holds together, but nothing outside says that it is the one.");
        return new(null, walk.Chain.Count, checkpoints.Signed, checkpoints.Newest, findings, notes);
    }

    private async Task CatchUp(Findings findings, CancellationToken cancellation)
    {
        try
        {
            if (copy is not null)
                await copy.CatchUpIfItCan(cancellation);
        }
        catch (LogAlteredException e)
        {
            findings.Add(e.Finding);
        }
    }

    private async Task AddCheckpoints(CheckpointCheck checkpoints, Findings findings, CancellationToken cancellation)
    {
        try
        {
            foreach (var (file, signed) in folder.Newest())
                checkpoints.Add(signed, file);
        }
        catch (FormatException e)
        {
            findings.Add(FindingKind.CheckpointDiffers, null, "file", e.Message);
        }

        foreach (var row in await book.Between(long.MinValue, long.MaxValue, cancellation))
        {
            try
            {
                checkpoints.Add(Notary.Read(row), "the database");
            }
            catch (LogAlteredException e)
            {
                findings.Add(e.Finding);
            }
        }
    }
}
