using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace;

/// <summary>How many may do something at once.</summary>
/// <param name="most">One more is refused.</param>
/// <param name="refusal">What he is told.</param>
internal sealed class Places(int most, string refusal)
{
    private int _taken;

    /// <summary>How many do it now.</summary>
    public int Taken => Volatile.Read(ref _taken);

    /// <exception cref="GrpcException">None is left (RESOURCE_EXHAUSTED).</exception>
    public async Task Use(Func<Task> work)
    {
        try
        {
            if (Interlocked.Increment(ref _taken) > most)
                throw new GrpcException(Code.ResourceExhausted, refusal);
            await work();
        }
        finally
        {
            Interlocked.Decrement(ref _taken);
        }
    }
}
