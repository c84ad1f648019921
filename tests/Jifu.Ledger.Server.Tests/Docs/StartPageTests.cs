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

    [Fact]
    public async Task Its_field_reads_what_the_server_answers_and_what_jifu_prints()
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(CheckoutRoot(), "docs", "start.md"));
        var field = page.Single(line => line.StartsWith("field() ", StringComparison.Ordinal));
        foreach (var json in new[]
        {
            """{"key_id":"op_1","secret":"a+/=","n":5}""",
            "{\n  \"key_id\": \"op_1\",\n  \"secret\": \"a+/=\",\n  \"n\": 5\n}\n",
        })
        {
            var start = new ProcessStartInfo(
                "bash", ["-c", $"{field}\nfor f in key_id secret n; do field $f <<< \"$1\"; done", "bash", json])
            {
                RedirectStandardOutput = true,
            };
            using var process = Process.Start(start)!;
            (await process.StandardOutput.ReadToEndAsync()).ShouldBe("op_1\na+/=\n5\n");
        }
    }

    private static string CheckoutRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Jifu.Ledger.sln")))
            folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
