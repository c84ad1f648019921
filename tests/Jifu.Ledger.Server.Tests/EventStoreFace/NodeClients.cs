using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>EventStoreDB's own clients, from npm: installed once, beside their scripts, as their lock file
/// says.</summary>
internal static class NodeClients
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly Lazy<Task> Installed = new(Install);

    private static string Folder([CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "clients");

    /// <summary>Runs a script of theirs; what it printed.</summary>
    public static async Task<string> Run(string script, params string[] arguments)
    {
        await Installed.Value;
        return await Launch("node", [script, .. arguments]);
    }

    private static async Task Install()
    {
        // Another checkout of the lock file is another installation; npm writes this file last.
        var (wanted, done) = (Path.Combine(Folder(), "package-lock.json"),
            Path.Combine(Folder(), "node_modules", ".package-lock.json"));
        if (!File.Exists(done) || File.GetLastWriteTimeUtc(done) < File.GetLastWriteTimeUtc(wanted))
            await Launch("npm", ["ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]);
    }

    private static async Task<string> Launch(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder(), RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        using var late = new CancellationTokenSource(Patience);
        var (said, complained) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        try
        {
            await process.WaitForExitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
        }

        process.ExitCode.ShouldBe(0, $"{program} {arguments[0]}: {await said}{await complained}");
        return (await said).ReplaceLineEndings("\n");
    }
}
