using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.TestKit;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>The server as people start it: its program in a process of its own, on a database that is there.</summary>
internal sealed class StartedServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false });

    private readonly Process _process;
    private readonly string _home;
    private readonly Task<string> _said;
    private readonly Task<string> _complained;

    private StartedServer(Process process, string home, int port)
    {
        (_process, _home, Port) = (process, home, port);

        // A pipe that nobody reads would stop whoever writes to it.
        _said = process.StandardOutput.ReadToEndAsync();
        _complained = process.StandardError.ReadToEndAsync();
    }

    public int Port { get; }

    /// <summary>From the command to the first answer that it takes payments.</summary>
    public TimeSpan ReadyAfter { get; private set; }

    /// <summary>What it has used of the processors so far, in seconds.</summary>
    public double ProcessorSeconds
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime.TotalSeconds;
        }
    }

    /// <summary>The most memory that was its own so far, in MiB.</summary>
    public double PeakMebibytes => long.Parse(
        File.ReadLines(Invariant($"/proc/{_process.Id}/status"))
            .Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) / 1024.0;

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <param name="home">Its folder, with the keys that an earlier start has made.</param>
    /// <exception cref="InvalidOperationException">It has ended, or does not become ready.</exception>
    public static async Task<StartedServer> Start(TestDatabase database, string home)
    {
        var port = FreePort();
        var program = new ProcessStartInfo(
            Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            [
                Path.Combine(AppContext.BaseDirectory, "Jifu.Ledger.Server.dll"),
                Invariant($"--urls=http://127.0.0.1:{port}"), $"--Jifu:Home={home}", "--Jifu:Sandbox=true",
            ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home,
            Environment =
            {
                ["ConnectionStrings__Ledger"] = database.AppConnection,
                ["ConnectionStrings__LedgerOwner"] = database.OwnerConnection,
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
            },
        };
        var since = Stopwatch.StartNew();
        var server = new StartedServer(Process.Start(program)!, home, port);
        while (!await server.IsReady())
        {
            if (server._process.HasExited || since.Elapsed > Patience)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException($"not ready: {await server._said} {await server._complained}");
            }

            await Task.Delay(5);
        }

        server.ReadyAfter = since.Elapsed;
        return server;
    }

    /// <summary>Asks for something as its operator.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public async Task<JsonElement> AsOperator(string target, string body)
    {
        using var key = JsonDocument.Parse(await File.ReadAllBytesAsync(Path.Combine(_home, "operator.json")));
        var signer = SignerOf(key.RootElement);
        using var request = new HttpRequestMessage(HttpMethod.Post, At(target));
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Headers.TryAddWithoutValidation(
            "Authorization", signer.Header("POST", target, Encoding.UTF8.GetBytes(body)));
        using var response = await Http.SendAsync(request);
        var answer = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? JsonDocument.Parse(answer).RootElement
            : throw new InvalidOperationException($"{target}: {answer}");
    }

    /// <summary>Signs with a key as the API and the home folder tell it.</summary>
    public static RequestSigner SignerOf(JsonElement key) => RequestSigner.Hmac(
        key.GetProperty("key_id").GetString()!, key.GetProperty("secret").GetBytesFromBase64(), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using var told = Process.Start("kill", ["-TERM", Invariant($"{_process.Id}")]);
            using var patience = new CancellationTokenSource(Patience);
            await _process.WaitForExitAsync(patience.Token)
                .ContinueWith(_ => { }, TaskScheduler.Default);
        }

        if (!_process.HasExited)
            _process.Kill();
    }

    private Uri At(string target) => new(Invariant($"http://127.0.0.1:{Port}{target}"));

    private async Task<bool> IsReady()
    {
        try
        {
            using var answer = await Http.GetAsync(At("/health/ready"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
