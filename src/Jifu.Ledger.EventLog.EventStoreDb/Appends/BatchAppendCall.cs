using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Nodes;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.EventLog.EventStoreDb.Appends;

/// <summary>One long call in which many appends are under way at once: sent as they come, answered as they are
/// done.</summary>
/// <remarks>When it breaks, what was under way may or may not have been written: each is told, and looks.</remarks>
internal sealed class BatchAppendCall : IAsyncDisposable
{
    private readonly Channel<BatchAppendReq> _outgoing =
        System.Threading.Channels.Channel.CreateUnbounded<BatchAppendReq>(new() { SingleReader = true });

    private readonly ConcurrentDictionary<Guid, TaskCompletionSource<BatchAppendResp>> _underWay = new();
    // Never disposed of: it holds no timer, and several may end a call at once.
    private readonly CancellationTokenSource _closing = new();
    private readonly TimeProvider _time;
    private readonly Task _listening;
    private volatile GrpcException? _broken;

    // Since when something is waited for and nothing came, as a timestamp; 0 while nothing is.
    private long _silentSince;

    public BatchAppendCall(Node node, TimeProvider time)
    {
        (Node, _time) = (node, time);
        _listening = Task.Run(Listen);
    }

    public Node Node { get; }

    public bool IsBroken => _broken is not null;

    /// <summary>For how long the server has said nothing at all although it was asked.</summary>
    public TimeSpan Silence =>
        Interlocked.Read(ref _silentSince) is > 0 and var since ? _time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Sends one append and waits for its answer.</summary>
    /// <param name="correlation">Its number in this call.</param>
    /// <param name="messages">As <see cref="AppendRequests.AmongMany"/> makes them.</param>
    /// <param name="timeout">When to stop waiting; the append may be done all the same.</param>
    /// <param name="cancellation">Stops waiting.</param>
    /// <exception cref="GrpcException">No answer came, or the call broke.</exception>
    public async Task<BatchAppendResp> Send(
        Guid correlation, IReadOnlyList<BatchAppendReq> messages, TimeSpan timeout, CancellationToken cancellation)
    {
        var answer = new TaskCompletionSource<BatchAppendResp>(TaskCreationOptions.RunContinuationsAsynchronously);
        _underWay[correlation] = answer;
        IsWaiting();
        try
        {
            foreach (var message in messages)
                _outgoing.Writer.TryWrite(message);
            if (_broken is { } broken)
                throw new GrpcException(broken.Code, broken.Detail, broken.Trailers, broken);
            return await answer.Task.WaitAsync(timeout, _time, cancellation);
        }
        catch (TimeoutException e)
        {
            throw new GrpcException(Code.DeadlineExceeded, "The append had no answer in time.", cause: e);
        }
        finally
        {
            _underWay.TryRemove(correlation, out _);
        }
    }

    /// <summary>Ends the call without waiting for it to have ended.</summary>
    public void Abandon()
    {
        _outgoing.Writer.TryComplete();
        _ = _closing.CancelAsync();
    }

    /// <summary>Ends the call; again does nothing more.</summary>
    public async ValueTask DisposeAsync()
    {
        _outgoing.Writer.TryComplete();
        await _closing.CancelAsync();
        await _listening;
    }

    private void IsWaiting() => Interlocked.CompareExchange(ref _silentSince, _time.GetTimestamp(), 0);

    private async Task Listen()
    {
        try
        {
            using var call = await Node.Call(
                EventStoreMethods.BatchAppend, needsLeader: true, null, new Outgoing(_outgoing.Reader), _closing.Token);
            while (await call.Next(BatchAppendResp.Parser) is { } response)
            {
                if (_underWay.TryRemove(response.CorrelationId.ToGuid(), out var answer))
                    answer.TrySetResult(response);
                Interlocked.Exchange(ref _silentSince, 0);
                if (!_underWay.IsEmpty)
                    IsWaiting();
            }

            Break(new(Code.Unavailable, "The server has ended the call."));
        }
        catch (GrpcException e)
        {
            Break(e);
        }
        catch (Exception e)
        {
            // Those who wait must hear of it, whatever it is.
            Break(new(_closing.IsCancellationRequested ? Code.Cancelled : Code.Internal, e.Message, cause: e));
        }
    }

    private void Break(GrpcException cause)
    {
        _broken = cause;
        _outgoing.Writer.TryComplete();
        foreach (var (correlation, answer) in _underWay)
            if (_underWay.TryRemove(correlation, out _))
                answer.TrySetException(new GrpcException(cause.Code, cause.Detail, cause.Trailers, cause));
    }

    /// <summary>The call's content: it goes on until the call is closed.</summary>
    private sealed class Outgoing(ChannelReader<BatchAppendReq> messages) : HttpContent
    {
        // So much goes out in one piece when much waits.
        private const int PieceBytes = 64 << 10;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            // The headers first: the server must know of the call before it knows of an append.
            await stream.FlushAsync(cancellationToken);
            var piece = new ArrayBufferWriter<byte>(PieceBytes);
            while (await messages.WaitToReadAsync(cancellationToken))
            {
                while (piece.WrittenCount < PieceBytes && messages.TryRead(out var message))
                    GrpcFrames.Write(piece, message);
                await stream.WriteAsync(piece.WrittenMemory, cancellationToken);
                await stream.FlushAsync(cancellationToken);
                piece.ResetWrittenCount();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
