using System.Diagnostics;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Chaos.Stage;

/// <summary>The server as a process of its own: the same program that people run.</summary>
/// <param name="program">The dll to run.</param>
internal sealed class LedgerServer(Playground playground, string name, string home, string program)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly int _port = Ports.Free();
    private Child? _process;

    public static string Ours { get; } = Beside("Jifu.Ledger.Server.dll");

    public Child Process => _process!;
    public string Home => home;
    public Uri Url => new($"http://127.0.0.1:{_port}");

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <returns>How long that took.</returns>
    public async Task<TimeSpan> Start(string app, string owner)
    {
        var since = Stopwatch.StartNew();
        Launch(app, owner);
        await Ready();
        return since.Elapsed;
    }

    /// <summary>Only starts it.</summary>
    public void Launch(string app, string owner) => _process = playground.Start(
        name,
        [
            .. program == Ours ? Exec(program) : [Dotnet, program],
            $"--urls={Url.GetLeftPart(UriPartial.Authority)}", $"--Jifu:Home={home}",
            "--Jifu:Sandbox=true",
        ],
        // A connection string is for nobody's eyes, so it does not stand among the arguments.
        ("ConnectionStrings__Ledger", app), ("ConnectionStrings__LedgerOwner", owner));

    /// <summary>Waits until it says that it can take payments.</summary>
    /// <exception cref="InvalidOperationException">It has ended, or it takes too long.</exception>
    public async Task Ready()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
        var since = Stopwatch.StartNew();
        while (await Status(http) != 200)
        {
            if (Process.HasExited || since.Elapsed > Patience)
                throw new InvalidOperationException($"The server is not ready: {Process.Said()}");
            await Task.Delay(20);
        }
    }

    /// <summary>What /health/ready answers; 0 for nothing.</summary>
    public async Task<int> Health()
    {
        using var http = new HttpClient { BaseAddress = Url, Timeout = TimeSpan.FromSeconds(20) };
        return await Status(http);
    }

    /// <summary>Signs as the operator; the key is there once the server has started.</summary>
    public RequestSigner Operator()
    {
        var key = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(home, "operator.json"))).RootElement;
        return RequestSigner.Hmac(
            key.GetProperty("key_id").GetString()!, key.GetProperty("secret").GetBytesFromBase64(),
            TimeProvider.System);
    }

    /// <summary>Runs one of the programs in our own folder with what we were built with.</summary>
    public static string[] Exec(string program) =>
    [
        Dotnet, "exec", "--runtimeconfig", Beside("Jifu.Ledger.Chaos.runtimeconfig.json"),
        "--depsfile", Beside("Jifu.Ledger.Chaos.deps.json"), program,
    ];

    public static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    private static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private static async Task<int> Status(HttpClient http)
    {
        try
        {
            return (int)(await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return 0;
        }
    }
}
