using Google.Protobuf;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Played;

/// <summary>An event as the played server keeps it.</summary>
internal sealed record PlayedEvent(
    long Position, string Stream, long Revision, Guid Id, string Type, string ContentType, ByteString Data,
    ByteString Metadata, DateTimeOffset Created)
{
    public bool IsSystem => Stream.StartsWith('$');
}

/// <summary>What a client asks to be written.</summary>
internal sealed record ProposedEvent(
    Guid Id, string Type, string ContentType, ByteString Data, ByteString Metadata);

/// <summary>The memory of a played server, or of all nodes of a played cluster: positions with gaps, statistics of its
/// own in between, and EventStoreDB's rule of what is a repeat.</summary>
internal sealed class PlayedLog
{
    private readonly Lock _lock = new();
    private readonly List<PlayedEvent> _all = [];
    private readonly Dictionary<string, List<PlayedEvent>> _streams = new(StringComparer.Ordinal);
    private TaskCompletionSource _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _end = 1_300;

    public PlayedLog() => Statistics();

    /// <summary>Completes when something is written after now.</summary>
    public Task News
    {
        get
        {
            lock (_lock)
                return _news.Task;
        }
    }

    public IReadOnlyList<PlayedEvent> After(long position)
    {
        lock (_lock)
        {
            var at = _all.FindLastIndex(@event => @event.Position <= position);
            return _all.GetRange(at + 1, _all.Count - at - 1);
        }
    }

    public IReadOnlyList<PlayedEvent> Stream(string name)
    {
        lock (_lock)
            return [.. _streams.GetValueOrDefault(name, [])];
    }

    /// <summary>Writes, unless another version is there; a repeat at its place is written no more.</summary>
    /// <returns>The last event's position; or null with the version that the stream has.</returns>
    public (long? Position, long Current) Append(
        string name, long expected, IReadOnlyList<ProposedEvent> proposed, DateTimeOffset now)
    {
        lock (_lock)
        {
            var stream = _streams.GetValueOrDefault(name, []);
            var current = stream.Count - 1L;
            if (expected == current)
                return (Write(name, proposed, now), current + proposed.Count);
            var there = expected < current
                ? stream.Skip((int)expected + 1).Take(proposed.Count).ToList()
                : [];
            return there.Select(e => e.Id).SequenceEqual(proposed.Select(e => e.Id))
                ? (there[^1].Position, there[^1].Revision)
                : (null, current);
        }
    }

    /// <summary>Somebody changes the server's files behind its back: the event at a position becomes another, or is
    /// gone.</summary>
    /// <returns>The event as it was.</returns>
    public PlayedEvent Alter(long position, Func<PlayedEvent, PlayedEvent?> change)
    {
        lock (_lock)
        {
            var was = _all.Single(one => one.Position == position);
            _all.RemoveAll(one => one.Position == position);
            if (change(was) is { } now)
                _all.Insert(_all.FindLastIndex(one => one.Position < position) + 1, now);
            return was;
        }
    }

    /// <summary>Puts an event back.</summary>
    public void Restore(PlayedEvent was)
    {
        lock (_lock)
        {
            _all.RemoveAll(one => one.Position == was.Position);
            _all.Insert(_all.FindLastIndex(one => one.Position < was.Position) + 1, was);
        }
    }

    /// <summary>Writes an event of the server's own.</summary>
    public void Statistics()
    {
        lock (_lock)
        {
            var id = new Guid((int)_end, 0, 0, new byte[8]);
            Write("$stats-127.0.0.1:2113",
                [new(id, "$statsCollected", "application/json", ByteString.CopyFromUtf8("{}"), ByteString.Empty)],
                DateTimeOffset.UnixEpoch);
        }
    }

    private long Write(string name, IReadOnlyList<ProposedEvent> proposed, DateTimeOffset now)
    {
        if (!_streams.TryGetValue(name, out var stream))
            _streams[name] = stream = [];
        foreach (var one in proposed)
        {
            var written = new PlayedEvent(
                _end, name, stream.Count, one.Id, one.Type, one.ContentType, one.Data, one.Metadata, now);
            stream.Add(written);
            _all.Add(written);
            _end += 150 + one.Data.Length;
        }

        _news.TrySetResult();
        _news = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return _all[^1].Position;
    }
}
