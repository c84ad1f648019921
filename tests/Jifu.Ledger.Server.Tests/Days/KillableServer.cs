using System.Diagnostics;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>A server in a process of its own, which can be killed like any other.</summary>
public sealed class KillableServer : RunningServer
{
    private Process? _process;

    /// <summary>Ends the process at once, whatever it is doing (<c>kill -9</c>), and starts another one on the same
    /// database and home.</summary>
    public async Task KillAndStart()
    {
        await Stop();
        await Start();
    }

    protected override async Task Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Jifu.Ledger.Server.dll");
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        _process = Process.Start(new ProcessStartInfo(host, [program, .. Arguments(Home, Port)])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;

        // Nobody reads what it says; a full pipe would stop it.
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Until(async () =>
        {
            _process.HasExited.ShouldBeFalse("The server did not start.");
            try
            {
                return (await Http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    protected override async Task Stop()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
