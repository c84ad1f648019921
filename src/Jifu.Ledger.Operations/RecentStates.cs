using System.Collections.Concurrent;
using Jifu.Ledger.EventLog;

namespace Jifu.Ledger.Operations;

/// <summary>The states of the streams used last, so that a command reads only what is new in its stream.
/// A cache: nothing depends on it.</summary>
/// <remarks>Each kind of stream has two generations of states: when the young one is full, the old one goes. So many
/// payments that come and go do not push out the few streams that stay.</remarks>
internal sealed class RecentStates(int generationMax)
{
    private readonly ConcurrentDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);

    public (TState State, long Version)? Find<TState>(StreamName stream) where TState : class =>
        _kinds.TryGetValue(stream.Category, out var kind) ? kind.Find<TState>(stream) : null;

    public void Keep(StreamName stream, object state, long version)
    {
        if (version < 0)
            return;
        if (!_kinds.TryGetValue(stream.Category, out var kind))
            kind = _kinds.GetOrAdd(stream.Category, new Kind(generationMax));
        kind.Keep(stream, new(state, version));
    }

    private sealed class Kind(int generationMax)
    {
        private readonly Lock _turn = new();
        private volatile ConcurrentDictionary<StreamName, Entry> _young = new();
        private volatile ConcurrentDictionary<StreamName, Entry> _old = new();
        private int _count;

        public (TState State, long Version)? Find<TState>(StreamName stream) where TState : class =>
            (_young.TryGetValue(stream, out var entry) || _old.TryGetValue(stream, out entry))
            && entry.State is TState state
                ? (state, entry.Version)
                : null;

        // Counted here: the dictionary's own count takes all its locks.
        public void Keep(StreamName stream, Entry entry)
        {
            if (!_young.ContainsKey(stream) && Interlocked.Increment(ref _count) > generationMax)
                Turn();
            _young[stream] = entry;
        }

        private void Turn()
        {
            lock (_turn)
            {
                if (_count <= generationMax)
                    return;
                _old = _young;
                _young = new();
                _count = 1;
            }
        }
    }

    private sealed record Entry(object State, long Version);
}
