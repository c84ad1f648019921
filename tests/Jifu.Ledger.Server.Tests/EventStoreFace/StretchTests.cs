using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.EventStoreFace.Reads;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class StretchTests
{
    [Fact]
    public async Task However_short_the_pages_a_stretch_is_whole_both_ways()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var (last, wanted) = (random.Next(-1, 2_000), random.Next(1, 2_500));
            var (after, before) = (random.Next(-1, 2_000), random.Next(0, 2_000));
            var stretch = new Stretch(ShortPages(last, random), one => one.Position, last);

            (await Numbers(stretch.Forwards(after, wanted, default)))
                .ShouldBe(Numbered(after + 1, last).Take(wanted), $"seed {seed}");
            (await Numbers(stretch.Backwards(before, wanted, default)))
                .ShouldBe(Numbered(0, Math.Min(before - 1, last)).Reverse().Take(wanted), $"seed {seed}");
        }
    }

    [Fact]
    public async Task Backwards_no_page_is_so_long_that_large_events_in_it_would_fill_the_memory()
    {
        var longest = 0;
        var pages = ShortPages(last: 1_999, new(0));
        var stretch = new Stretch((after, countMax, ended) =>
        {
            longest = Math.Max(longest, countMax);
            return pages(after, countMax, ended);
        }, one => one.Position, last: 1_999);
        (await Numbers(stretch.Backwards(long.MaxValue, long.MaxValue, default))).Count.ShouldBe(2_000);
        longest.ShouldBe(PageSize.WholeMax);
    }

    [Fact]
    public async Task A_hole_in_the_log_is_never_passed_over_in_silence()
    {
        var stretch = new Stretch(ShortPages(last: 99, new(0)), one => one.Position, last: 100);
        (await Should.ThrowAsync<InvalidDataException>(Numbers(stretch.Backwards(long.MaxValue, 5, default))))
            .Message.ShouldBe("Number 100 is not there; the last is 100.");
        await Should.ThrowAsync<InvalidDataException>(Numbers(stretch.Forwards(-1, 500, default)));
    }

    // An event was taken away, and a page goes on behind it: counted by its length, the next would begin too early.
    [Fact]
    public async Task A_hole_within_a_page_neither_passes_in_silence_nor_brings_an_event_twice()
    {
        var stretch = new Stretch((after, countMax, _) => Task.FromResult<IReadOnlyList<RecordedEvent>>(
            [.. Numbered(after + 1, 99).Where(number => number != 50).Take(Math.Min(countMax, 60)).Select(Event)]),
            one => one.Position, last: 99);
        foreach (var way in new[] { stretch.Forwards(-1, 500, default), stretch.Backwards(100, 500, default) })
            (await Should.ThrowAsync<InvalidDataException>(Numbers(way)))
                .Message.ShouldBe("Number 50 is not there; the last is 99.");
    }

    /// <summary>What the log promises of pages and no more: none is longer than wanted, one is empty only at the
    /// end.</summary>
    private static PageReader ShortPages(long last, Random random) => (after, countMax, _) =>
    {
        var left = (int)Math.Min(countMax, last - after);
        IReadOnlyList<RecordedEvent> page =
            [.. Numbered(after + 1, after + (left > 0 ? random.Next(1, left + 1) : 0)).Select(Event)];
        return Task.FromResult(page);
    };

    private static IEnumerable<long> Numbered(long from, long to)
    {
        for (var number = from; number <= to; number++)
            yield return number;
    }

    private static RecordedEvent Event(long number) => new(
        number, new("ext.a", "1"), number, Guid.Empty, "ext.sold", "{}"u8.ToArray(), new("key:k-1", "r"),
        DateTimeOffset.UnixEpoch);

    private static async Task<IReadOnlyList<long>> Numbers(IAsyncEnumerable<RecordedEvent> events)
    {
        var numbers = new List<long>();
        await foreach (var recorded in events)
            numbers.Add(recorded.Position);
        return numbers;
    }
}
