using System.Diagnostics;
using System.Text.RegularExpressions;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>The verifier in plain Node.js, and ours beside it, on files as a person has them.</summary>
internal sealed partial class NodeVerifier : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("jifu-node-");

    public void Dispose() => _folder.Delete(recursive: true);

    public string In(string name) => Path.Combine(_folder.FullName, name);

    public async Task<(int Code, string Told)> Run(byte[] archive, params string[] files)
    {
        await File.WriteAllBytesAsync(In("archive.zip"), archive);
        return await Run([In("archive.zip"), .. files.Select(In)]);
    }

    public static async Task<(int Code, string Told)> Run(params string[] files)
    {
        using var process = Process.Start(new ProcessStartInfo("node", [Verifier(), .. files])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var told = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        (await errors).ShouldBe("", told);
        return (process.ExitCode, told);
    }

    /// <summary>What `jifu audit verify` says of the same: the exit code, what it found, and the first position of
    /// which something is wrong.</summary>
    public (int Code, string Told, long? First) Ours(byte[] archive, string keys, string? checkpoints = null)
    {
        try
        {
            var known = EvidenceKey.ReadFile(File.ReadAllBytes(In(keys)));
            var outside = checkpoints is null ? [] : SignedCheckpoint.ReadFile(File.ReadAllBytes(In(checkpoints)));
            var report = ArchiveCheck.Run(new MemoryStream(archive), known, outside);
            return (
                report.IsGood ? 0 : 1, string.Join('\n', report.Findings.Kept.Select(one => one.Detail)),
                report.Findings.FirstPosition);
        }
        catch (Exception e) when (e is FormatException or NoArchiveException or UnknownArchiveVersionException)
        {
            return (2, e.Message, null);
        }
    }

    /// <summary>What both say of an archive: the exit code, and the byte of the zip that both name, if any. They name
    /// the same position first, and call nothing proved that is not good.</summary>
    public async Task<(int Code, string At)> Agreed(byte[] archive, string keys, string? checkpoints = null)
    {
        var (code, told, first) = Ours(archive, keys, checkpoints);
        var node = checkpoints is null
            ? await Run(archive, keys)
            : await Run(archive, keys, checkpoints);
        node.Code.ShouldBe(code, $"{node.Told}\n{told}");
        Position().Match(node.Told).Groups[1].Value.ShouldBe($"{first}", $"{node.Told}\n{told}");
        node.Told.Contains(", proved up to", StringComparison.Ordinal).ShouldBe(code == 0, node.Told);
        Byte().Match(node.Told).Value.ShouldBe(Byte().Match(told).Value, told);
        return (code, Byte().Match(told).Groups[1].Value);
    }

    [GeneratedRegex("found, the first at position ([0-9]+); nothing is proved")]
    private static partial Regex Position();

    [GeneratedRegex("at byte ([0-9]+)")]
    private static partial Regex Byte();

    private static string Verifier()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Jifu.Ledger.sln")))
            folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs/reference/verify-archive.mjs");
    }
}
