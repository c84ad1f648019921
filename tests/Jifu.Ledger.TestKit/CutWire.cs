using System.Net;
using System.Net.Sockets;

namespace Jifu.Ledger.TestKit;

/// <summary>A wire to the database that is cut, once armed, after the next commit has been carried out and before its
/// answer.</summary>
public sealed class CutWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _serverPort;
    private readonly Task _accepts;
    private int _cutsLeft;
    private int _cutsMade;

    public CutWire(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepts = Accept();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int CutsMade => _cutsMade;

    public void CutNextCommits(int count) => Interlocked.Exchange(ref _cutsLeft, count);

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
        using var closed = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (client)
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            var state = new Connection();
            await Task.WhenAny(
                Pump(client.GetStream(), server.GetStream(), bytes => OnRequest(state, bytes), closed.Token),
                Pump(server.GetStream(), client.GetStream(), _ => OnAnswer(state), closed.Token));
            await closed.CancelAsync();
        }
    }

    // The closing zero tells the statement from the level READ COMMITTED.
    private void OnRequest(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Decrement(ref _cutsLeft) >= 0)
            connection.MustCut = true;
    }

    // The answer to a commit is only sent once it is durable.
    private bool OnAnswer(Connection connection)
    {
        if (connection.MustCut)
            Interlocked.Increment(ref _cutsMade);
        return !connection.MustCut;
    }

    private static Task Pump(
        NetworkStream from, NetworkStream to, Action<ReadOnlyMemory<byte>> see, CancellationToken stop) =>
        Pump(from, to, bytes =>
        {
            see(bytes);
            return true;
        }, stop);

    private static async Task Pump(
        NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, bool> passes, CancellationToken stop)
    {
        var buffer = new byte[1 << 16];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, stop)) > 0 && passes(buffer.AsMemory(0, read)))
                await to.WriteAsync(buffer.AsMemory(0, read), stop);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // One side has hung up; so do we.
        }
    }

    private sealed class Connection
    {
        public volatile bool MustCut;
    }
}
