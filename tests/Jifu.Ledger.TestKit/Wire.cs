using System.Net;
using System.Net.Sockets;

namespace Jifu.Ledger.TestKit;

/// <summary>A wire to the database, of which a test decides what comes through.</summary>
public abstract class Wire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Task _accepts;

    protected Wire(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepts = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepts;
        _stop.Dispose();
    }

    /// <summary>What of some bytes of a request comes through; null to hang up.</summary>
    protected virtual ReadOnlyMemory<byte>? OfRequest(Connection connection, ReadOnlyMemory<byte> bytes) => bytes;

    /// <summary>What of some bytes of an answer comes through; null to hang up.</summary>
    protected virtual ReadOnlyMemory<byte>? OfAnswer(Connection connection, ReadOnlyMemory<byte> bytes) => bytes;

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
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            var connection = new Connection();
            await Task.WhenAny(
                Pump(client.GetStream(), server.GetStream(), bytes => OfRequest(connection, bytes), closed.Token),
                Pump(server.GetStream(), client.GetStream(), bytes => OfAnswer(connection, bytes), closed.Token));
            await closed.CancelAsync();
        }
    }

    private static async Task Pump(
        NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>?> through,
        CancellationToken stop)
    {
        var buffer = new byte[1 << 18];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, stop)) > 0 && through(buffer.AsMemory(0, read)) is { } passed)
                await to.WriteAsync(passed, stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One side has hung up; so do we.
        }
    }

    /// <summary>One connection over the wire.</summary>
    protected sealed class Connection
    {
        private volatile bool _isMarked;
        private volatile bool _isOfLog;

        /// <summary>True from when the test has done something to it.</summary>
        public bool IsMarked { get => _isMarked; set => _isMarked = value; }

        /// <summary>True when the event log has opened it.</summary>
        public bool IsOfLog { get => _isOfLog; set => _isOfLog = value; }
    }
}
