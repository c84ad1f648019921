using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.Api.Admission;
using Npgsql;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>A key's being let in to one call. Clients keep calls open for months: one ends when its key is revoked,
/// whatever it is doing.</summary>
internal sealed class Admission(KeyRing ring, FaceCall call, Caller caller)
{
    // With the time for which the ring keeps a key, five seconds.
    private static readonly TimeSpan AskedEvery = TimeSpan.FromSeconds(1);

    public Caller Caller => caller;

    /// <summary>To be asked before anything is done for the caller.</summary>
    /// <exception cref="GrpcException">The key was revoked; the call ends.</exception>
    public async Task Check()
    {
        if (await ring.Find(caller.KeyId, call.Ended) is { Revoked: false })
            return;
        var refusal = new GrpcException(Code.Unauthenticated, $"The key {caller.KeyId} was revoked.");
        await call.Cut(refusal);
        throw refusal;
    }

    /// <summary>Answers the call, and asks for the key meanwhile.</summary>
    public async Task Answer(Func<FaceCall, Admission, Task> answer)
    {
        using var answered = CancellationTokenSource.CreateLinkedTokenSource(call.Ended);
        var watch = Watch(answered.Token);
        try
        {
            await answer(call, this);
        }
        finally
        {
            await answered.CancelAsync();
            await watch.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task Watch(CancellationToken answered)
    {
        using var timer = new PeriodicTimer(AskedEvery, TimeProvider.System);
        while (await timer.WaitForNextTickAsync(answered))
        {
            try
            {
                await Check();
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                // The database is away. Nothing is done for the caller meanwhile, so he may wait on.
            }
        }
    }
}
