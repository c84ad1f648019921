using System.Runtime.InteropServices;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Decides in memory what becomes of each append of one batch. Pure: the database's part is what it is
/// told.</summary>
/// <remarks>
/// Appends are judged in their order of arrival, each against what the earlier ones leave behind. One that is not at
/// its
/// stream's head is either a repeat, whose ids stand at its place already, or has lost a race; neither touches its
/// neighbours.
/// </remarks>
internal sealed class AppendBatch(IReadOnlyList<PendingAppend> appends)
{
    private readonly AppendResult[] _results = new AppendResult[appends.Count];
    private readonly List<int> _written = [];
    private readonly List<int> _misplaced = [];

    public IReadOnlyList<PendingAppend> Appends => appends;

    /// <summary>The versions of the batch's streams: as they are, and once placed as they will be after it.</summary>
    public Dictionary<string, long> Heads { get; private set; } = [];

    /// <summary>The position of the log's last event before the batch.</summary>
    public long PositionBefore { get; private set; }

    /// <summary>The position of the last event once the batch is committed.</summary>
    public long HeadPosition { get; private set; }

    public bool WritesNothing => _written.Count == 0;

    /// <summary>True when some append is not at its stream's head: a repeat, or a lost race.</summary>
    public bool HasMisplaced => _misplaced.Count > 0;

    /// <summary>The ids of those appends: the database knows whether it has them.</summary>
    public Guid[] MisplacedIds => [.. _misplaced.SelectMany(i => appends[i].Events).Select(@event => @event.EventId)];

    /// <summary>Gives each append that stands at its stream's head its positions.</summary>
    /// <param name="heads">Of the log and of each of the batch's streams, before this batch; taken over and kept
    /// current.</param>
    public void Place((long Position, Dictionary<string, long> Streams) heads)
    {
        (HeadPosition, Heads) = heads;
        PositionBefore = heads.Position;
        for (var i = 0; i < appends.Count; i++)
        {
            var append = appends[i];
            ref var head = ref CollectionsMarshal.GetValueRefOrNullRef(Heads, append.Stream);
            if (append.ExpectedVersion != head)
            {
                _misplaced.Add(i);
                _results[i] = new(AppendOutcome.Conflict, head, -1);
                continue;
            }

            head += append.Events.Count;
            HeadPosition += append.Events.Count;
            _written.Add(i);
            _results[i] = new(AppendOutcome.Appended, head, HeadPosition);
        }
    }

    /// <summary>Turns conflicts into repeats where the ids stand at their place, in the log or earlier in this
    /// batch.</summary>
    public void Recognise(IReadOnlyDictionary<Guid, (string Stream, long Version, long Position)> stored)
    {
        if (_misplaced.Count == 0)
            return;
        var inBatch = _written.SelectMany(Rows).ToDictionary(row => row.Event.EventId, row => row);
        foreach (var i in _misplaced)
        {
            var append = appends[i];
            long position = -1;
            var isRepeat = true;
            for (var n = 0; n < append.Events.Count && isRepeat; n++)
            {
                var place = (append.Stream, append.ExpectedVersion + 1 + n);
                var id = append.Events[n].EventId;
                if (stored.TryGetValue(id, out var row))
                    (isRepeat, position) = ((row.Stream, row.Version) == place, row.Position);
                else if (inBatch.TryGetValue(id, out var earlier))
                    (isRepeat, position) = ((earlier.Append.Stream, earlier.Version) == place, earlier.Position);
                else
                    isRepeat = false;
            }

            if (isRepeat)
                _results[i] = new(
                    AppendOutcome.AlreadyAppended, append.ExpectedVersion + append.Events.Count, position);
        }
    }

    /// <summary>The rows to write, in the order of their positions.</summary>
    public IEnumerable<(PendingAppend Append, EventToAppend Event, long Version, long Position)> Rows() =>
        _written.SelectMany(Rows);

    /// <summary>Answers every caller. Only after the commit.</summary>
    public void Answer()
    {
        for (var i = 0; i < appends.Count; i++)
            appends[i].TrySetResult(_results[i]);
    }

    private IEnumerable<(PendingAppend Append, EventToAppend Event, long Version, long Position)> Rows(int i)
    {
        var append = appends[i];
        var first = _results[i].Position - append.Events.Count + 1;
        for (var n = 0; n < append.Events.Count; n++)
            yield return (append, append.Events[n], append.ExpectedVersion + 1 + n, first + n);
    }
}
