using System.Diagnostics;

namespace Jifu.Ledger.Server.Tests.Docs;

/// <summary>The first page that a newcomer follows leads where it says.</summary>
public sealed class StartPageTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task From_the_first_request_to_the_finance_files_every_block_prints_what_the_page_shows()
    {
        var start = new ProcessStartInfo("bash", [Path.Combine(CheckoutRoot(), "scripts", "try-start")])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        start.Environment["Jifu__Home"] = server.Home;
        start.Environment["JIFU_CLI"] = Path.Combine(AppContext.BaseDirectory, "jifu.dll");
        using var process = Process.Start(start)!;
        using var patience = new CancellationTokenSource(Patience, TimeProvider.System);
        var said = process.StandardOutput.ReadToEndAsync(patience.Token);
        var complained = process.StandardError.ReadToEndAsync(patience.Token);
        var told = $"{await said}{await complained}";
        await process.WaitForExitAsync(patience.Token);
        process.ExitCode.ShouldBe(0, told);
        told.ShouldContain("docs/start.md holds");
    }

    private static string CheckoutRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Jifu.Ledger.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
