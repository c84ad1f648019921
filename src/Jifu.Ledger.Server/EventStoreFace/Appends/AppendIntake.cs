using System.Buffers;
using Google.Protobuf;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>Takes in the messages of one call of appends, each when there is room for it.</summary>
internal sealed class AppendIntake(FaceCall call, AppendRoom room) : IDisposable
{
    // One event, or many, with room to say that they are too large.
    private const int MessageBytesMax = AppendCheck.BytesMax + (1 << 20);

    // A large message may take longer, by the time that it takes over a slow line.
    private const double BytesASecond = 32 << 10;

    private readonly AppendRoom.Share _share = new();
    private long _message;

    /// <summary>The next message; null when there is none.</summary>
    /// <param name="parse">Makes a message of its bytes.</param>
    /// <param name="isUnderWay">True when the client has begun an append that it has yet to finish.</param>
    public async Task<T?> Next<T>(Func<ReadOnlySequence<byte>, T> parse, bool isUnderWay) where T : class, IMessage<T>
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(call.Ended);
        if (isUnderWay)
            late.CancelAfter(room.Patience);
        try
        {
            return await call.Next(parse, MessageBytesMax, Begins, late.Token);
        }
        catch (OperationCanceledException) when (!call.Ended.IsCancellationRequested)
        {
            throw new GrpcException(
                Code.DeadlineExceeded, $"An append that was begun did not go on in {room.Patience.TotalSeconds} s.");
        }

        async ValueTask Begins(int bytes)
        {
            late.CancelAfter(System.Threading.Timeout.InfiniteTimeSpan);
            await room.Take(_share, bytes, isUnderWay, call.Ended);
            _message = bytes;
            late.CancelAfter(room.Patience + TimeSpan.FromSeconds(bytes / BytesASecond));
        }
    }

    /// <summary>The message has become so much of what is kept of the call.</summary>
    public void Keep(long bytes)
    {
        room.Exchange(_share, _message, bytes);
        _message = 0;
    }

    /// <summary>So much is kept no longer.</summary>
    public void GiveBack(long bytes) => room.Exchange(_share, bytes, 0);

    /// <summary>Waits until the client has taken an answer. Whoever does not take it is cut off: until then, all that
    /// is kept of the call keeps others waiting.</summary>
    public async Task Taken(Task answer)
    {
        try
        {
            await answer.WaitAsync(room.Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            var refusal = new GrpcException(
                Code.DeadlineExceeded, $"An answer was not taken for {room.Patience.TotalSeconds} s.");
            await call.Cut(refusal);
            await answer.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw refusal;
        }
    }

    public void Dispose() => room.Exchange(_share, _share.Held, 0);
}
