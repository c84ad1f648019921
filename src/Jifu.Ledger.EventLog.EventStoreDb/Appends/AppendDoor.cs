using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>Brings one append to the leader: among many in one long call where the server can do that, else in a call
/// of its own.</summary>
internal sealed class AppendDoor(
    EventStoreDbSettings settings, Cluster cluster, IdSource ids, TimeProvider time) : IAsyncDisposable
{
    // A server says something of each append within its own two seconds, and an append of ours first waits for half of
    // the deadline: 5 s.
    private readonly TimeSpan _silenceMax = settings.DefaultDeadline * 0.4;

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _opening = new(1, 1);
    private BatchAppendCall? _open;
    private volatile bool _oneByOne;

    /// <exception cref="GrpcException">What came of it is unknown, or it was not done and may be tried
    /// again.</exception>
    /// <exception cref="InvalidOperationException">It will never be done.</exception>
    /// <exception cref="EventLogUnavailableException">Access is denied.</exception>
    /// <exception cref="ArgumentException">It is too large for this server.</exception>
    public async Task<AppendAnswer> Bring(ReadyAppend append, TimeSpan timeout, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        var node = await Leader(timeout, cancellation);
        var left = timeout - time.GetElapsedTime(begun);
        timeout = left > LeastTimeout ? left : LeastTimeout;
        var alone = _oneByOne;
        try
        {
            return alone
                ? await Alone(node, append, timeout, cancellation)
                : await AmongMany(node, append, timeout, cancellation);
        }
        catch (GrpcException e) when (!alone && e.Code == Code.Unimplemented)
        {
            // Before 21.10.
            _oneByOne = true;
            return await Bring(append, timeout, cancellation);
        }
        catch (GrpcException e) when (AppendAnswer.Of(e) is { } conflict)
        {
            return conflict;
        }
        catch (GrpcException e)
        {
            if (Refusal.Of(e) is { } refusal)
                throw refusal;
            if (!IsImpatience(e))
                cluster.Learn(node, e);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_open is { } open)
            await open.DisposeAsync();
        _opening.Dispose();
    }

    private async Task<Node> Leader(TimeSpan timeout, CancellationToken cancellation)
    {
        try
        {
            return await cluster.Leader(timeout, cancellation);
        }
        catch (GrpcException e) when (Refusal.IsOfAccess(e))
        {
            throw Refusal.Of(e)!;
        }
    }

    private static async Task<AppendAnswer> Alone(
        Node node, ReadyAppend append, TimeSpan timeout, CancellationToken cancellation)
    {
        using var call = await node.Call(
            EventStoreMethods.Append, needsLeader: true, timeout, cancellation, AppendRequests.Alone(append));
        return AppendAnswer.Of(await call.Only(AppendResp.Parser));
    }

    private async Task<AppendAnswer> AmongMany(
        Node node, ReadyAppend append, TimeSpan timeout, CancellationToken cancellation)
    {
        var call = Volatile.Read(ref _open) is { IsBroken: false } open && open.Node.Address.Equals(node.Address)
            ? open
            : await Open(node, cancellation);
        var correlation = ids.Next();
        var messages = AppendRequests.AmongMany(append, correlation, timeout);
        try
        {
            return AppendAnswer.Of(await call.Send(correlation, messages, timeout, cancellation));
        }
        catch (GrpcException e) when (IsImpatience(e) && call.Silence > _silenceMax)
        {
            // It is dead: the next one goes another way. One that answers others is slow, and stays: the appends of all
            // are in it, and a caller may have had little time left.
            Interlocked.CompareExchange(ref _open, null, call);
            call.Abandon();
            cluster.Learn(node, e);
            throw;
        }
    }

    // Ours, for the server has said nothing; or its own about one append among many.
    private static bool IsImpatience(GrpcException e) => e.InnerException is TimeoutException;

    private async Task<BatchAppendCall> Open(Node node, CancellationToken cancellation)
    {
        await _opening.WaitAsync(cancellation);
        try
        {
            if (_open is { IsBroken: false } open && open.Node.Address.Equals(node.Address))
                return open;
            if (_open is { } old)
                await old.DisposeAsync();
            return _open = new(node, time);
        }
        finally
        {
            _opening.Release();
        }
    }
}
