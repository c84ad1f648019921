using System.Runtime.InteropServices;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Decides in memory what becomes of each append of one batch. Pure: the database's part is what it is
/// told.</summary>
/// <remarks>
/// Appends are judged in their order of arrival, each against what the earlier ones leave behind. One that is not at
/// its stream's head is either a repeat, whose ids stand at its place already, or has lost a race; neither touches its
/// neighbours.
/// </remarks>
/// <param name="appends">In their order of arrival.</param>
/// <param name="before">The fate of the batch that this one is planned upon; null when that is in the log.</param>
internal sealed class AppendBatch(IReadOnlyList<PendingAppend> appends, BatchFate? before = null)
{
    private const int AnsweredAtOnceMax = 8;

    private readonly AppendResult[] _results = new AppendResult[appends.Count];
    private readonly List<int> _written = new(appends.Count);
    private readonly List<int> _behind = [];

    public IReadOnlyList<PendingAppend> Appends => appends;

    /// <summary>What becomes of this batch.</summary>
    public BatchFate Fate { get; } = new();

    /// <summary>True when the batch that this one is planned upon is committed, false when it never will be; null while
    /// it is under way.</summary>
    public bool? IsNext => before is null ? true : before.IsCommitted;

    /// <summary>Waits until the batch that this one is planned upon is through; true when it is committed.</summary>
    public bool AwaitTurn() => before is null || before.Await();

    /// <summary>The versions of the batch's streams: as they are, and once placed as they will be after it.</summary>
    public Dictionary<string, long> Heads { get; private set; } = [];

    /// <summary>What is written, chained.</summary>
    public EventRows Rows { get; private set; } = null!;

    public bool WritesNothing => _written.Count == 0;

    /// <summary>True when some append names a place before its stream's head: a repeat, or a lost race.</summary>
    public bool HasBehind => _behind.Count > 0;

    /// <summary>The places those appends name: the database knows what stands there.</summary>
    public IEnumerable<(string Stream, long Version)> PlacesBehind => _behind.SelectMany(i => Places(appends[i]));

    /// <summary>Gives each append that stands at its stream's head its place.</summary>
    /// <param name="head">Of the log, before this batch.</param>
    /// <param name="streams">The heads of the batch's streams, before this batch; taken over and kept current.</param>
    public void Place(LogHead head, Dictionary<string, long> streams)
    {
        Heads = streams;
        var position = head.Position;
        for (var i = 0; i < appends.Count; i++)
        {
            var append = appends[i];
            ref var version = ref CollectionsMarshal.GetValueRefOrNullRef(Heads, append.Stream);
            if (append.ExpectedVersion != version)
            {
                // One that expects more than there is cannot have been written before.
                if (append.ExpectedVersion < version)
                    _behind.Add(i);
                _results[i] = new(AppendOutcome.Conflict, version, -1);
                continue;
            }

            version += append.Events.Count;
            position += append.Events.Count;
            _written.Add(i);
            _results[i] = new(AppendOutcome.Appended, version, position);
        }
    }

    /// <summary>Turns conflicts into repeats where the ids stand at their place, in the log or earlier in this
    /// batch.</summary>
    public void Recognise(Dictionary<(string Stream, long Version), (Guid EventId, long Position)> stored)
    {
        foreach (var i in _written)
        {
            var first = _results[i].Position - appends[i].Events.Count + 1;
            for (var n = 0; n < appends[i].Events.Count; n++)
                stored[(appends[i].Stream, appends[i].ExpectedVersion + 1 + n)] =
                    (appends[i].Events[n].EventId, first + n);
        }

        foreach (var i in _behind)
        {
            var append = appends[i];
            var isRepeat = Places(append)
                .Zip(append.Events)
                .All(one => stored.TryGetValue(one.First, out var row) && row.EventId == one.Second.EventId);
            var last = append.ExpectedVersion + append.Events.Count;
            if (isRepeat)
                _results[i] = new(AppendOutcome.AlreadyAppended, last, stored[(append.Stream, last)].Position);
        }
    }

    /// <summary>Makes the rows to write, in the order of their positions, and chains them.</summary>
    public void Seal(LogHead head, DateTimeOffset now)
    {
        var count = 0;
        foreach (var i in _written)
            count += appends[i].Events.Count;
        Rows = new(head, head.Next(now), count);
        foreach (var i in _written)
            Rows.Add(appends[i]);
        Rows.Close();
        if (count > 0)
            Fate.Root = IsNext is null ? before!.Root : (head.Position + 1, Rows.Link[0]);
    }

    /// <summary>Answers every caller. Only after the commit.</summary>
    /// <remarks>Waking hundreds takes time, in which the next batch can already be on its way.</remarks>
    public void Answer()
    {
        if (appends.Count > AnsweredAtOnceMax)
            _ = Task.Run(AnswerAll);
        else
            AnswerAll();
    }

    private void AnswerAll()
    {
        for (var i = 0; i < appends.Count; i++)
            appends[i].TrySetResult(_results[i]);
    }

    private static IEnumerable<(string Stream, long Version)> Places(PendingAppend append) =>
        Enumerable.Range(0, append.Events.Count).Select(n => (append.Stream, append.ExpectedVersion + 1 + n));
}
