using System.Diagnostics;

namespace Jifu.Ledger.Server.Tests;

/// <summary>The command line, as people call it, in a process of its own.</summary>
internal static class JifuCommand
{
    /// <param name="home">The home folder whose server it asks, with whose keys.</param>
    /// <param name="words">What stands behind <c>jifu</c>.</param>
    public static async Task<(int Code, string Said, string Errors)> Run(string home, params string[] words)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "jifu.dll"), .. words])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Jifu__Home"] = home;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said, await errors);
    }
}
