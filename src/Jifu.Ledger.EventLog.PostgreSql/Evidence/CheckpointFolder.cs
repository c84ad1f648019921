using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>Checkpoints outside the database, one file each, in a folder for each month: who alters the log must alter
/// these too, and cannot, where they are kept well.</summary>
/// <param name="path">Best on another machine's disk, or copied away by the hour. Files in folders of other names are
/// not looked at.</param>
public sealed class CheckpointFolder(string path)
{
    private const int ReadMax = 2_000;

    public string Path => path;

    /// <summary>Writes a checkpoint, whole or not at all; quiet when it is there.</summary>
    /// <returns>The file.</returns>
    public string Write(SignedCheckpoint signed)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var (checkpoint, at) = (signed.Checkpoint, signed.Checkpoint.At.UtcDateTime);
        var folder = System.IO.Path.Combine(path, at.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        var text = Encoding.UTF8.GetBytes($"{signed}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(text).AsSpan(0, 4));
        var name = string.Create(
            CultureInfo.InvariantCulture, $"checkpoint-{checkpoint.Position:D15}-{at:yyyyMMdd'T'HHmmss'Z'}-{hash}.txt");
        var file = System.IO.Path.Combine(folder, name);
        if (!File.Exists(file))
            FileDraft.Replace(file, text);
        return file;
    }

    /// <summary>The newest two thousand, newest first, each with its file's name.</summary>
    /// <exception cref="FormatException">A file is no checkpoint; the message names it.</exception>
    public IEnumerable<(string File, SignedCheckpoint Signed)> Newest()
    {
        if (!Directory.Exists(path))
            yield break;
        var files = Directory.EnumerateDirectories(path, "????-??").OrderDescending(StringComparer.Ordinal)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "checkpoint-*.txt")
                .OrderDescending(StringComparer.Ordinal))
            .Take(ReadMax);
        foreach (var file in files)
        {
            foreach (var signed in Read(file))
                yield return (System.IO.Path.GetFileName(file), signed);
        }
    }

    private static IReadOnlyList<SignedCheckpoint> Read(string file)
    {
        try
        {
            return SignedCheckpoint.ReadFile(File.ReadAllBytes(file));
        }
        catch (FormatException e)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }
}
