using Jifu.Ledger.EventLog.Evidence;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Takes checkpoints: hashes everything new since the last one again, and signs only what is right.</summary>
/// <remarks>So what is altered after the last checkpoint is found by the next, and never signed.</remarks>
/// <param name="copy">Null when the log is no copy of another store's.</param>
public sealed partial class Notary(
    StoredLog log, CheckpointBook book, CheckpointFolder folder, Func<SigningKey> key, TimeProvider time,
    ILogger<Notary> logger, LogCopy? copy = null) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes a checkpoint of the log as it is now.</summary>
    /// <param name="reason">Stands in it; one line.</param>
    /// <param name="onlyNews">True for none when nothing was written since the last.</param>
    /// <returns>The newest checkpoint, just taken or not; null while the log is empty.</returns>
    /// <exception cref="LogAlteredException">What is new is not what was written. Nothing was signed.</exception>
    public async Task<SignedCheckpoint?> Take(string reason, bool onlyNews, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (copy is not null)
                await copy.CatchUpIfItCan(cancellation);
            var last = await book.Newest(cancellation) is { } row ? (Row: row, Signed: Read(row)) : default;
            var end = await log.End(cancellation);
            if (last.Signed is not null)
            {
                // The disk may have been full, or another server's.
                folder.Write(last.Signed);
                if (end < last.Row.Position)
                    throw Altered(new(
                        FindingKind.TailMissing, end + 1, null,
                        $"The log ends at position {end}; a checkpoint says that it had reached {last.Row.Position}."));
            }

            if (end < 0 || (onlyNews && last.Signed is not null && end == last.Row.Position))
                return last.Signed;
            return await Take(reason, last.Row, end, cancellation);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<SignedCheckpoint> Take(
        string reason, CheckpointRow? last, long end, CancellationToken cancellation)
    {
        var findings = new Findings();
        var walk = new LogWalk(log, findings, null);
        var link = last is null
            ? new byte[EventLink.Size]
            : Convert.FromHexString(Read(last).Checkpoint.Link);
        await walk.Run((last?.Position ?? -1, link, last?.Peaks ?? [], last?.Batches ?? 0), end, cancellation);
        if (findings.Kept is [var first, ..])
            throw Altered(first);
        var signed = key().Sign(new Checkpoint(
            await log.Id(cancellation), end, Convert.ToHexStringLower(walk.Chain.Kept), walk.Batches.All.Count,
            RootOf(walk.Batches.All), time.GetUtcNow(), reason));
        await book.Add(signed, walk.Batches.All.Peaks.ToArray(), key().Public, cancellation);
        LogTaken(end, reason, folder.Write(signed));
        return signed;
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>A row's checkpoint.</summary>
    /// <exception cref="LogAlteredException">The row is not as it was written.</exception>
    internal static SignedCheckpoint Read(CheckpointRow row)
    {
        try
        {
            var tree = new MerkleTree();
            tree.Restore(row.Peaks, row.Batches);
            if (SignedCheckpoint.ParseAll(row.Body) is [var signed] && signed.Checkpoint.Position == row.Position
                && signed.Checkpoint.Batches == row.Batches && RootOf(tree) == signed.Checkpoint.Root)
                return signed;
        }
        catch (Exception e) when (e is FormatException or ArgumentException)
        {
            // Said below.
        }

        throw new LogAlteredException(new(
            FindingKind.CheckpointDiffers, row.Position, "checkpoints",
            $"The database's checkpoint of position {row.Position} is not as it was written."));
    }

    private static string RootOf(MerkleTree tree)
    {
        Span<byte> root = stackalloc byte[EventLink.Size];
        tree.Root(root);
        return Convert.ToHexStringLower(root);
    }

    private LogAlteredException Altered(Finding finding)
    {
        LogAltered($"{finding.Kind}", finding.Position, finding.Detail);
        return new(finding);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkpoint of position {Position}, {Reason}: {File}")]
    private partial void LogTaken(long position, string reason, string file);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "THE LOG IS NOT WHAT WAS WRITTEN, {Kind} at position {Position}: {Detail} No checkpoint was signed")]
    private partial void LogAltered(string kind, long? position, string detail);
}

/// <summary>The log is not what was written to it. Somebody has to look, before anything is signed again.</summary>
public sealed class LogAlteredException(Finding finding) : Exception(finding.Detail)
{
    public Finding Finding { get; } = finding;
}
