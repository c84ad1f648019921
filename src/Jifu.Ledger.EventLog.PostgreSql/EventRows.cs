using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>The rows of a batch, in the order of their positions, an array for each column; chained, with the root of
/// the tree over their links.</summary>
internal sealed class EventRows
{
    private EventLink? _chain = new();
    private MerkleTree? _tree = new();
    private readonly byte[] _links;
    private readonly StreamName[] _names;
    private readonly EventMetadata[] _metadata;
    private int _row;

    /// <param name="before">Where the log ends before them.</param>
    /// <param name="recordedAt">One moment for all.</param>
    /// <param name="count">How many they will be.</param>
    public EventRows(LogHead before, DateTimeOffset recordedAt, int count)
    {
        (Before, RecordedAt) = (before, recordedAt);
        _links = new byte[count * EventLink.Size];
        _chain.Reset(before.Link.Span);
        (_names, _metadata) = (new StreamName[count], new EventMetadata[count]);
        (Stream, Version, EventId, Type) = (new string[count], new long[count], new Guid[count], new string[count]);
        (Actor, Correlation, Causation) = (new string[count], new string[count], new string?[count]);
        (Payload, Link) = (new ReadOnlyMemory<byte>[count], new ReadOnlyMemory<byte>[count]);
    }

    public LogHead Before { get; }
    public DateTimeOffset RecordedAt { get; }
    public int Count => _row;
    public string[] Stream { get; }
    public long[] Version { get; }
    public Guid[] EventId { get; }
    public string[] Type { get; }
    public string[] Actor { get; }
    public string[] Correlation { get; }
    public string?[] Causation { get; }
    public ReadOnlyMemory<byte>[] Payload { get; }
    public ReadOnlyMemory<byte>[] Link { get; }

    /// <summary>Where the log ends after those added so far.</summary>
    public LogHead Head => _row == 0 ? Before : new(Before.Position + _row, Link[_row - 1], RecordedAt);

    /// <summary>About what they hold in memory.</summary>
    public long Bytes { get; private set; } = 1_000;

    /// <summary>The root of the tree over their links, once closed.</summary>
    public byte[] Root { get; } = new byte[EventLink.Size];

    /// <summary>No more are added: what was only needed for hashing goes.</summary>
    public void Close()
    {
        _tree!.Root(Root);
        (_chain, _tree) = (null, null);
    }

    public void Add(PendingAppend append)
    {
        for (var n = 0; n < append.Events.Count; n++, _row++)
        {
            var @event = append.Events[n];
            var metadata = @event.Metadata ?? append.Metadata;
            (_names[_row], _metadata[_row]) = (append.Name, metadata);
            Stream[_row] = append.Stream;
            Version[_row] = append.ExpectedVersion + 1 + n;
            EventId[_row] = @event.EventId;
            Type[_row] = @event.Type;
            Actor[_row] = metadata.Actor;
            Correlation[_row] = metadata.CorrelationId;
            Causation[_row] = metadata.CausationId;
            Payload[_row] = @event.Payload;
            Bytes += 300 + @event.Payload.Length;
            Link[_row] = _links.AsMemory(_row * EventLink.Size, EventLink.Size);
            var link = _chain!.Extend(
                Before.Position + 1 + _row, append.Stream, Version[_row], @event.EventId, @event.Type, RecordedAt,
                metadata.Actor, metadata.CorrelationId, metadata.CausationId, @event.Payload.Span);
            link.CopyTo(_links.AsSpan(_row * EventLink.Size));
            _tree!.Add(link);
        }
    }

    /// <summary>One of them as readers see it: made for each, since most are read once and then forgotten.</summary>
    public RecordedEvent Recorded(int row) => new(
        Before.Position + 1 + row, _names[row], Version[row], EventId[row], Type[row], Payload[row], _metadata[row],
        RecordedAt);
}
