using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.EventLog.Search;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.Search;

/// <summary>Searching a log finds what a look at each event finds, whatever is looked for and however it is
/// stored.</summary>
public sealed class SearchTests(SearchTests.Log written) : IClassFixture<SearchTests.Log>
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private SparseLog Sparse => new(written.Events);

    public static TheoryData<string> Questions =>
    [
        "all", "stream", "no such stream", "category", "type", "correlation", "no such correlation", "time",
        "from time", "to time", "before all", "positions", "stream and type",
        "category, type and time", "correlation and positions",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public async Task Every_search_finds_the_same_events_both_ways(string question)
    {
        var asked = Filter(question);
        IReadOnlyList<(string Name, IEventLog Log, IEventSearch Search, long Scale)> ways =
        [
            ("database", written.Events, new PostgreSqlEventSearch(written.Source, 70), 1),
            ("scan", written.Events, new EventScan(written.Events, 150), 1),
            ("sparse", Sparse, new EventScan(Sparse, 150), SparseLog.Step),
        ];
        foreach (var (name, log, search, scale) in ways)
        {
            var filter = asked with
            {
                FromPosition = asked.FromPosition * scale,
                ToPosition = asked.ToPosition == long.MaxValue ? long.MaxValue : asked.ToPosition * scale,
            };
            var expected = written.All.Where(asked.Matches).Select(one => one.EventId).ToList();
            var narrowed = await log.Narrowed(filter, default);
            (await Forwards(search, narrowed)).ShouldBe(expected, $"{name}, forwards");
            (await Backwards(search, narrowed)).ShouldBe(expected.AsEnumerable().Reverse(), $"{name}, backwards");
        }
    }

    [Fact]
    public async Task A_moment_belongs_to_the_last_event_that_was_recorded_by_then()
    {
        foreach (var log in new IEventLog[] { written.Events, new SparseLog(written.Events) })
        {
            var all = await log.ReadAll(-1, 10_000, default);
            foreach (var minute in new[] { -1, 0, 1, 77, 599, 600, 9_999 })
            {
                var moment = Start.AddMinutes(minute);
                (await log.PositionAt(moment, default)).ShouldBe(
                    all.LastOrDefault(one => one.RecordedAt <= moment)?.Position ?? -1);
            }
        }
    }

    private static EventFilter Filter(string question) => question switch
    {
        "all" => new(),
        "stream" => new(Stream: "tea-3"),
        "no such stream" => new(Stream: "tea-99"),
        "category" => new(Category: "coffee"),
        "type" => new(TypePrefix: "test.b"),
        "correlation" => new(CorrelationId: "request 7"),
        "no such correlation" => new(CorrelationId: "request x"),
        "time" => new(RecordedFrom: Start.AddMinutes(100), RecordedTo: Start.AddMinutes(130)),
        "from time" => new(RecordedFrom: Start.AddMinutes(590)),
        "to time" => new(RecordedTo: Start.AddMinutes(13)),
        "before all" => new(RecordedTo: Start),
        "positions" => new(FromPosition: 33, ToPosition: 500),
        "stream and type" => new(Stream: "coffee-1", TypePrefix: "test.a"),
        "category, type and time" => new(
            Category: "tea", TypePrefix: "test.", RecordedFrom: Start.AddMinutes(10),
            RecordedTo: Start.AddMinutes(400)),
        "correlation and positions" => new(CorrelationId: "request 8", FromPosition: 20, ToPosition: 300),
        _ => throw new ArgumentOutOfRangeException(nameof(question)),
    };

    private static async Task<IReadOnlyList<Guid>> Forwards(IEventSearch search, EventFilter filter)
    {
        var (found, reached) = (new List<Guid>(), -1L);
        while (true)
        {
            var page = await search.After(reached, filter, 9, default);
            found.AddRange(page.Events.Select(one => one.EventId));
            if (page.IsWhole)
                return found;
            page.Reached.ShouldBeGreaterThan(reached);
            reached = page.Reached;
        }
    }

    private static async Task<IReadOnlyList<Guid>> Backwards(IEventSearch search, EventFilter filter)
    {
        var (found, reached) = (new List<Guid>(), long.MaxValue);
        while (true)
        {
            var page = await search.Before(reached, filter, 9, default);
            found.AddRange(page.Events.Select(one => one.EventId));
            if (page.IsWhole)
                return found;
            page.Reached.ShouldBeLessThan(reached);
            reached = page.Reached;
        }
    }

    /// <summary>Six hundred events of ten streams, one a minute, for all questions.</summary>
    public sealed class Log : IAsyncLifetime
    {
        private const int Count = 600;
        private readonly SetClock _clock = new();
        private TestDatabase _database = null!;

        public PostgreSqlEventLog Events { get; private set; } = null!;
        public NpgsqlDataSource Source { get; private set; } = null!;
        public IReadOnlyList<RecordedEvent> All { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _database = await TestDatabase.Create();
            Events = new(_database.AppConnection, _clock);
            Source = NpgsqlDataSource.Create(_database.AppConnection);
            var ids = IdSource.TimeOrdered(TimeProvider.System);
            var versions = new Dictionary<string, long>(StringComparer.Ordinal);
            for (var i = 0; i < Count; i++)
            {
                var (category, id, type) = (
                    i % 3 == 0 ? "coffee" : "tea", $"{i * 7 % 5}", $"test.{"ab"[i % 2]}_{i % 4}");
                var version = versions.GetValueOrDefault($"{category}-{id}", -1);
                _clock.Now = Start.AddMinutes(i);
                await Events.Append(
                    new(category, id), version, [new(ids.Next(), type, new byte[] { 1 })],
                    new("test", $"request {i / 11}"), default);
                versions[$"{category}-{id}"] = version + 1;
            }

            All = await Events.ReadAll(-1, Count, default);
        }

        public async Task DisposeAsync()
        {
            await Events.DisposeAsync();
            await Source.DisposeAsync();
            await _database.DisposeAsync();
        }
    }

    private sealed class SetClock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Start;

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
