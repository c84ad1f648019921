using System.Diagnostics;

namespace Jifu.Ledger.Server.Tests.Composition;

/// <summary>The program as people start it, in a process of its own that is to end by itself.</summary>
internal static class ServerProcess
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <param name="arguments">Its command line.</param>
    /// <param name="meanwhile">Done while it runs.</param>
    /// <returns>What it ended with, and what it said on standard error and output.</returns>
    public static async Task<(int Code, string Told, string Log)> Run(
        string[] arguments, Func<Process, Task> meanwhile)
    {
        using var process = Process.Start(new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Jifu.Ledger.Server.dll"), .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var log = process.StandardOutput.ReadToEndAsync();
        var told = process.StandardError.ReadToEndAsync();
        try
        {
            await meanwhile(process);
            using var patience = new CancellationTokenSource(Patience);
            await process.WaitForExitAsync(patience.Token);
        }
        catch
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await told, await log);
    }
}
