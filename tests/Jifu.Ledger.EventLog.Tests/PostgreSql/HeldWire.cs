using Jifu.Ledger.TestKit;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>A wire to the database on which, once armed, the beginning of the next long request arrives and nothing
/// more: as from a process that was stopped while it sent.</summary>
internal sealed class HeldWire(int serverPort) : Wire(serverPort)
{
    private const int LongBytes = 10_000;
    private const int ArrivingBytes = 400;

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _armed;

    /// <summary>Completes when a request is held.</summary>
    public Task Held => _held.Task;

    public void HoldNext() => Interlocked.Exchange(ref _armed, 1);

    protected override ReadOnlyMemory<byte>? OfRequest(Connection connection, ReadOnlyMemory<byte> bytes)
    {
        if (connection.IsMarked)
            return default(ReadOnlyMemory<byte>);
        if (bytes.Length < LongBytes || Interlocked.Exchange(ref _armed, 0) == 0)
            return bytes;
        connection.IsMarked = true;
        _held.SetResult();
        return bytes[..ArrivingBytes];
    }
}
