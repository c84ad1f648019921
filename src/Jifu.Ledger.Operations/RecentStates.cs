using System.Collections.Concurrent;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>The states of the streams used last, so that a command reads only what is new in its stream.
/// A cache: nothing depends on it.</summary>
/// <remarks>Two generations of at most <see cref="GenerationMax"/> states: when the young one is full,
/// the old one goes.</remarks>
internal sealed class RecentStates
{
    private const int GenerationMax = 50_000;
    private readonly Lock _turn = new();
    private volatile ConcurrentDictionary<StreamName, Entry> _young = new();
    private volatile ConcurrentDictionary<StreamName, Entry> _old = new();

    public (TState State, long Version)? Find<TState>(StreamName stream) where TState : class =>
        (_young.TryGetValue(stream, out var entry) || _old.TryGetValue(stream, out entry))
        && entry.State is TState state
            ? (state, entry.Version)
            : null;

    public void Keep(StreamName stream, object state, long version)
    {
        if (version < 0)
            return;
        if (_young.Count >= GenerationMax)
            Turn();
        _young[stream] = new(state, version);
    }

    public void Forget(StreamName stream)
    {
        _young.TryRemove(stream, out _);
        _old.TryRemove(stream, out _);
    }

    private void Turn()
    {
        lock (_turn)
        {
            if (_young.Count < GenerationMax)
                return;
            _old = _young;
            _young = new();
        }
    }

    private sealed record Entry(object State, long Version);
}
