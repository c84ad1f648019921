namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>What appends that come in may take of the memory, of all clients together. Whoever finds no room waits, in
/// order, and so does the client.</summary>
/// <remarks>
/// Calls that have each begun an append could wait for each other's room for ever. So one of them at a time is let in
/// beyond, as far as one call alone may go: it gets its append done and makes room.
/// </remarks>
internal sealed class AppendRoom
{
    /// <summary>For all clients; one of them has as much again when it must.</summary>
    public const long BytesMax = 64 << 20;

    private readonly Lock _lock = new();
    private readonly LinkedList<Waiting> _waiting = [];
    private long _used;
    private Share? _beyond;

    /// <summary>How long a client that holds some may leave others waiting for it.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>What is taken now.</summary>
    public long Used => Interlocked.Read(ref _used);

    /// <summary>What one call holds.</summary>
    internal sealed class Share
    {
        public long Held { get; set; }
    }

    private sealed class Waiting(Share share, long bytes, bool hasBegun)
        : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Share Share => share;
        public long Bytes => bytes;
        public bool HasBegun => hasBegun;
    }

    /// <summary>Takes room, as soon as there is some.</summary>
    /// <param name="hasBegun">True for an append that was begun, which others may have to wait for. With new ones
    /// nobody goes before others.</param>
    public async Task Take(Share share, long bytes, bool hasBegun, CancellationToken cancellation)
    {
        Waiting waiting;
        lock (_lock)
        {
            if ((_waiting.Count == 0 || (hasBegun && share == _beyond)) && HasTaken(share, bytes))
                return;
            _waiting.AddLast(waiting = new(share, bytes, hasBegun));
        }

        await using var registration = cancellation.UnsafeRegister(_ => GiveUp(waiting, cancellation), null);
        await waiting.Task;
    }

    /// <summary>Gives room back, and takes other at once, which may be a little more than there is.</summary>
    public void Exchange(Share share, long given, long taken)
    {
        lock (_lock)
        {
            Add(share, taken - given);
            if (_used <= BytesMax || _beyond?.Held == 0)
                _beyond = null;
            LetIn();
        }
    }

    private void GiveUp(Waiting waiting, CancellationToken cancellation)
    {
        lock (_lock)
        {
            // It may have been let in just now.
            if (!_waiting.Remove(waiting))
                return;
            LetIn();
        }

        waiting.TrySetCanceled(cancellation);
    }

    // In order, but for the one who may go beyond, while he goes on with what he has begun: the others wait for him.
    private void LetIn()
    {
        var isFirst = true;
        for (var node = _waiting.First; node is not null;)
        {
            var (one, next) = (node.Value, node.Next);
            if ((isFirst || (one.HasBegun && one.Share == _beyond)) && HasTaken(one.Share, one.Bytes))
            {
                _waiting.Remove(node);
                one.SetResult();
            }
            else
            {
                isFirst = false;
            }

            node = next;
        }
    }

    private bool HasTaken(Share share, long bytes)
    {
        if (_used + bytes > BytesMax)
        {
            if ((_beyond ?? share) != share || share.Held + bytes > BytesMax)
                return false;
            _beyond = share;
        }

        Add(share, bytes);
        return true;
    }

    private void Add(Share share, long bytes)
    {
        share.Held += bytes;
        _used += bytes;
    }
}
