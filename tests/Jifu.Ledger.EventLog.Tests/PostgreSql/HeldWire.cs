using System.Net;
using System.Net.Sockets;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>A wire to the database on which, once armed, the beginning of the next long request arrives and nothing
/// more: as from a process that was stopped while it sent.</summary>
internal sealed class HeldWire : IAsyncDisposable
{
    private const int LongBytes = 10_000;
    private const int ArrivingBytes = 400;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _serverPort;
    private readonly Task _accepts;
    private int _armed;

    public HeldWire(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepts = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Completes when a request is held.</summary>
    public Task Held => _held.Task;

    public void HoldNext() => Interlocked.Exchange(ref _armed, 1);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepts;
        _stop.Dispose();
    }

    private async Task Accept()
    {
        var carried = new List<Task>();
        try
        {
            while (true)
                carried.Add(Carry(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(carried);
        }
    }

    private async Task Carry(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            await Task.WhenAny(
                Pump(client.GetStream(), server.GetStream(), mayHold: true),
                Pump(server.GetStream(), client.GetStream(), mayHold: false));
        }
    }

    private async Task Pump(NetworkStream from, NetworkStream to, bool mayHold)
    {
        var buffer = new byte[1 << 18];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
            {
                var holds = mayHold && read >= LongBytes && Interlocked.Exchange(ref _armed, 0) == 1;
                await to.WriteAsync(buffer.AsMemory(0, holds ? ArrivingBytes : read), _stop.Token);
                if (!holds)
                    continue;
                _held.SetResult();
                await Task.Delay(Timeout.Infinite, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One side has hung up; so do we.
        }
    }
}
