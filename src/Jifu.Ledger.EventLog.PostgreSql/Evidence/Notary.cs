using Jifu.Ledger.EventLog.Evidence;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Takes checkpoints: hashes everything new since the last one again, and signs only what is right.</summary>
/// <remarks>So what is altered after the last checkpoint is found by the next, and never signed. It goes on only from a
/// checkpoint that one of our keys signed, of this log as it stands, and no older than the newest file outside the
/// database: else who rewrites the database would get the other history signed.</remarks>
/// <param name="key">What is signed with.</param>
/// <param name="keys">What may have been signed with: that one, and those before it.</param>
/// <param name="keyFolder">Where the public halves of those keys belong.</param>
/// <param name="copy">Null when the log is no copy of another store's.</param>
public sealed partial class Notary(
    StoredLog log, CheckpointBook book, CheckpointFolder folder, Func<SigningKey> key,
    Func<IReadOnlyList<EvidenceKey>> keys, string keyFolder, TimeProvider time, ILogger<Notary> logger,
    LogCopy? copy = null)
    : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Takes a checkpoint of the log as it is now.</summary>
    /// <param name="reason">Stands in it; one line.</param>
    /// <param name="onlyNews">True for none when nothing was written since the last.</param>
    /// <returns>The newest checkpoint, just taken or not; null while the log is empty.</returns>
    /// <exception cref="LogAlteredException">What is there is not what was written. Nothing was signed.</exception>
    /// <exception cref="CheckpointKeyMissingException">The newest checkpoint is by a key that is not here. Nothing was
    /// signed, and nothing is known to be altered.</exception>
    public async Task<SignedCheckpoint?> Take(string reason, bool onlyNews, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (copy is not null)
                await copy.CatchUpIfItCan(cancellation);
            var (row, last, end) = await Last(cancellation);

            // The disk may have been full, or another server's.
            if (last is not null)
                folder.Write(last);
            if (end < 0 || (onlyNews && end == row?.Position))
                return last;
            return await Take(reason, row, last, end, cancellation);
        }
        catch (LogAlteredException e)
        {
            LogAltered($"{e.Finding.Kind}", e.Finding.Position, e.Finding.Detail);
            throw;
        }
        catch (CheckpointKeyMissingException e)
        {
            LogKeyMissing(e.Message);
            throw;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<(CheckpointRow? Row, SignedCheckpoint? Signed, long End)> Last(CancellationToken cancellation)
    {
        // The file first: another server's checkpoint stands in the database before it is a file.
        var file = NewestFile();
        var row = await book.Newest(cancellation);
        var signed = row is null ? null : Read(row);
        var end = await log.End(cancellation);
        var findings = new Findings();
        var check = new CheckpointCheck(await log.Id(cancellation), keys(), findings, keyFolder);
        if (signed is not null)
            check.Add(signed, "the database");
        if (file is not null)
            check.Add(file, "the folder");
        foreach (var at in new[] { signed, file }.Select(one => one?.Checkpoint.Position ?? -1).Where(at => at <= end))
            check.Take(at, await log.Link(at, cancellation), null);
        check.EndOfLog(end);
        if (file is not null && file.Checkpoint.Position > (row?.Position ?? -1))
            findings.Add(
                FindingKind.TailMissing, row?.Position + 1, "checkpoints",
                $"The folder has a checkpoint of position {file.Checkpoint.Position}, which is newer than all in the "
                + "database: they were removed, or an older backup was restored.");
        if (findings.AreOnlyMissingKeys)
            throw new CheckpointKeyMissingException(findings.Kept[0].Detail);
        return findings.Kept.FirstOrDefault(one => one.Kind != FindingKind.KeyUnknown) is { } altered
            ? throw new LogAlteredException(altered)
            : (row, signed, end);
    }

    private SignedCheckpoint? NewestFile()
    {
        try
        {
            return folder.Newest().Select(one => one.Signed).FirstOrDefault();
        }
        catch (FormatException e)
        {
            throw new LogAlteredException(new(FindingKind.CheckpointDiffers, null, "file", e.Message));
        }
    }

    private async Task<SignedCheckpoint> Take(
        string reason, CheckpointRow? row, SignedCheckpoint? last, long end, CancellationToken cancellation)
    {
        var findings = new Findings();
        var walk = new LogWalk(log, findings, null);
        var link = last is null ? new byte[EventLink.Size] : Convert.FromHexString(last.Checkpoint.Link);
        await walk.Run((row?.Position ?? -1, link, row?.Peaks ?? [], row?.Batches ?? 0), end, cancellation);
        if (findings.Kept is [var first, ..])
            throw new LogAlteredException(first);
        var with = key();
        var signed = with.Sign(new Checkpoint(
            await log.Id(cancellation), end, Convert.ToHexStringLower(walk.Chain.Kept), walk.Batches.All.Count,
            RootOf(walk.Batches.All), time.GetUtcNow(), reason));
        await book.Add(signed, walk.Batches.All.Peaks.ToArray(), with.Public, cancellation);
        LogTaken(end, reason, folder.Write(signed));
        return signed;
    }

    public void Dispose() => _turn.Dispose();

    /// <summary>A row's checkpoint.</summary>
    /// <exception cref="LogAlteredException">The row is not as it was written.</exception>
    public static SignedCheckpoint Read(CheckpointRow row)
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

    internal static string RootOf(MerkleTree tree)
    {
        Span<byte> root = stackalloc byte[EventLink.Size];
        tree.Root(root);
        return Convert.ToHexStringLower(root);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Checkpoint of position {Position}, {Reason}: {File}")]
    private partial void LogTaken(long position, string reason, string file);

    [LoggerMessage(
        Level = LogLevel.Critical,
        Message = "THE LOG IS NOT WHAT WAS WRITTEN, {Kind} at position {Position}: {Detail} No checkpoint was signed")]
    private partial void LogAltered(string kind, long? position, string detail);

    [LoggerMessage(
        Level = LogLevel.Error, Message = "A checkpoint's key is missing. {Detail} No checkpoint was signed")]
    private partial void LogKeyMissing(string detail);
}

/// <summary>The log is not what was written to it. Somebody has to look, before anything is signed again.</summary>
public sealed class LogAlteredException(Finding finding) : Exception(finding.Detail)
{
    public Finding Finding { get; } = finding;
}

/// <summary>The newest checkpoint is signed by a key whose public half is not here, so nobody can go on from it. So it
/// is after a restore that left the keys out; of the log it says nothing.</summary>
public sealed class CheckpointKeyMissingException(string message) : Exception(message);
