using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;

namespace Jifu.Ledger.Cli.Tests.Api;

/// <summary>A home folder that was handed to an auditor holds <c>auditor.json</c> and nothing else.</summary>
public sealed class WhoseKeyTests : IDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("jifu-home-").FullName;

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Theory]
    [InlineData("finance --day 2026-11-20")]
    [InlineData("projections list")]
    [InlineData("reconcile report --day 2026-11-20")]
    [InlineData("reconcile charts --month 2026-11")]
    public async Task Where_an_auditor_may_read_the_auditors_file_does(string line)
    {
        Hold("auditor.json", "au_1");
        using var server = new StandIn("""[{"name":"journal","position":7,"lag":0,"stopped":null}]""");
        var (code, said) = await Jifu($"{line} --server {server.Url}");
        code.ShouldBe(ExitCodes.Fine, said);
        server.Signed.ShouldContain("key_id=\"au_1\"");
    }

    [Theory]
    [InlineData("differences --json")]
    [InlineData("differences list --json")]
    [InlineData("differences show d1 --json")]
    [InlineData("differences export --out open.csv")]
    public async Task Differences_are_read_with_the_key_of_a_file_where_the_home_folder_has_none(string line)
    {
        Hold("mine.json", "au_7");
        using var server = new StandIn("{\"differences\":[],\"next\":null}");
        var (code, said) = await Jifu($"{line} --key {Path.Combine(_home, "mine.json")} --server {server.Url}");
        code.ShouldBe(ExitCodes.Fine, said);
        server.Signed.ShouldContain("key_id=\"au_7\"");
    }

    [Theory]
    [InlineData("close --day 2026-11-20")]
    [InlineData("projections skip journal --position 3 --reason none")]
    [InlineData("keys revoke au_1")]
    public async Task Where_an_auditor_may_not_it_is_said_whose_key_is_needed(string line)
    {
        Hold("auditor.json", "au_1");
        var (code, said) = await Jifu($"{line} --server http://127.0.0.1:9");
        code.ShouldBe(ExitCodes.Usage);
        said.TrimEnd().ShouldBe(
            $"This needs a key of the role operator, and {_home} holds an auditor's, which only reads. Ask an "
            + "operator for one (jifu keys create --role operator) and keep it there as operator.json.");
    }

    [Theory]
    [InlineData("projections list")]
    [InlineData("close --day 2026-11-20")]
    public async Task Without_any_key_a_server_has_to_be_started_first(string line)
    {
        var (code, said) = await Jifu($"{line} --server http://127.0.0.1:9");
        code.ShouldBe(ExitCodes.Unreachable);
        said.ShouldContain("holds no key, neither operator.json nor auditor.json");
    }

    [Fact]
    public async Task A_database_that_goes_away_in_the_middle_of_an_answer_is_code_3()
    {
        Hold("auditor.json", "au_1");
        using var server = new StandIn("""{"problem":{"code":"unavailable","detail":"Failed to connect"}}""");
        var (code, said) = await Jifu($"views show payment --as-of 5 --server {server.Url}");
        said.ShouldContain("unavailable: Failed to connect");
        code.ShouldBe(ExitCodes.Unreachable);
    }

    private void Hold(string name, string keyId) => File.WriteAllText(
        Path.Combine(_home, name),
        JsonSerializer.Serialize(new { key_id = keyId, algorithm = "hmac_sha256", secret = "c2VjcmV0" }));

    private async Task<(int Code, string Errors)> Jifu(string line)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        using var process = Process.Start(
            new ProcessStartInfo(host, [Path.Combine(AppContext.BaseDirectory, "jifu.dll"), .. line.Split(' ')])
            {
                RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _home,
                Environment = { ["Jifu__Home"] = _home },
            })!;
        var (said, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        await said;
        return (process.ExitCode, await errors);
    }

    /// <summary>Gives every request the same answer, and remembers how it was signed.</summary>
    private sealed class StandIn : IDisposable
    {
        private readonly HttpListener _listener = new();

        public StandIn(string body)
        {
            // The listener takes no port 0.
            using (var free = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                Url = $"http://{free.LocalEndpoint}";
            }

            _listener.Prefixes.Add($"{Url}/");
            _listener.Start();
            _ = Answer(Encoding.UTF8.GetBytes(body));
        }

        public string Url { get; }

        public string Signed { get; private set; } = "";

        public void Dispose() => _listener.Close();

        private async Task Answer(byte[] body)
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                Signed = context.Request.Headers["Authorization"] ?? "";
                context.Response.ContentType = "application/json";
                context.Response.AddHeader("Content-Disposition", "attachment; filename=\"answer.bin\"");
                await context.Response.OutputStream.WriteAsync(body);
                context.Response.Close();
            }
        }
    }
}
