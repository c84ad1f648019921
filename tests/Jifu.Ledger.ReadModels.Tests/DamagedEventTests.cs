using Jifu.Ledger.Domain.Tests;
using Jifu.Ledger.EventLog;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>An event whose payload does not read: it stops who looks at events of its type, and nobody else, as long as
/// its type can be believed. F36.</summary>
public class DamagedEventTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly Progress<(long, long)> Nobody = new();

    [Theory]
    [InlineData("payment", "payment.created", "payments")]
    [InlineData("payment", "payment.succeeded", "payments journal channel_lines clearing")]
    [InlineData("staffkey", "staffkey.added", "")]
    public async Task An_event_that_does_not_read_stops_those_who_look_at_its_type_until_each_leaves_it_out(
        string category, string type, string stops)
    {
        await using var company = await Company.Found();
        await company.Register("m1");
        await company.Pay("m1", "1", 1_00, Friday);
        await company.Append(category, "x", type, "{}");
        var position = await company.Log.Head(default);
        await company.Pay("m1", "2", 1_00, Friday);
        var projector = company.ProjectorOf(
            Projections.All, LedgerEvents.Codec, NullLogger<Projector>.Instance);
        await projector.CatchUp(default);
        var head = await company.Log.Head(default);
        Stopped(projector, position).ShouldBe(stops);
        projector.Status.ShouldAllBe(one => one.Position == (one.Fault == null ? head : position - 1));

        // Those who go on are what the log makes of them; the others cannot be made past it.
        var (stopped, others) = (Of(stops, true), Of(stops, false));
        (await company.Rebuild.Run(others, Nobody, default)).Identical.ShouldBeTrue();
        foreach (var one in stopped)
        {
            var replay = new Replay(company.Log, LedgerEvents.Codec, company.Owner, TimeProvider.System);
            (await Should.ThrowAsync<FoldStoppedException>(replay.Into("beside", [one], head, null, default)))
                .Message.ShouldContain($"Event {position} in stream {category}-x of type {type}");
            await replay.Drop("beside", default);
        }

        foreach (var one in stopped)
            await company.Skip(one.Name, position);
        await projector.CatchUp(default);
        projector.Status.ShouldAllBe(one => one.Stopped == null && one.Position >= head);
        (await company.Rebuild.Check(Projections.All, Nobody, default)).Identical.ShouldBeTrue();
    }

    [Theory]
    [InlineData("staffkey", "staffkey.of_tomorrow")]
    [InlineData("staffkey", "payment.created")]
    public async Task A_type_that_is_unknown_or_stands_in_a_stream_of_another_kind_stops_everyone_also_after_a_restart(
        string category, string type)
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 1_00, Friday);
        await company.Append(category, "x", type, "{}");
        var position = await company.Log.Head(default);
        await company.Pay("m1", "2", 1_00, Friday);
        await company.Projector.CatchUp(default);
        company.Projector.Status.ShouldAllBe(
            one => one.Position == position - 1 && one.Fault!.Position == position);

        var restarted = company.ProjectorOf(Projections.All, LedgerEvents.Codec, NullLogger<Projector>.Instance);
        await restarted.CatchUp(default);
        restarted.Status.ShouldAllBe(one => one.Fault!.Position == position);
    }

    [Fact]
    public void Each_type_of_event_stops_these_views_when_it_does_not_read() => string.Concat(EventExamples.All
        .Select(example => $"{LedgerEvents.Codec.TypeName(example.GetType())}: {Lookers(example.GetType())}\n")
        .Order(StringComparer.Ordinal)).ShouldMatchApproved(o => o.NoDiff());

    // What it makes something of but does not name, it would pass over when the event does not read.
    [Fact]
    public void A_view_makes_nothing_of_an_event_that_it_says_it_does_not_look_at()
    {
        foreach (var projection in Projections.All)
            EventExamples.All.Where(example => !Looks(projection, example.GetType()))
                .Where(example => projection.Fold([Recorded(example)]).Count > 0)
                .Select(example => $"{projection.Name} looks at {example.GetType().Name}").ShouldBeEmpty();
    }

    [Fact]
    public async Task Views_are_the_same_when_they_see_only_what_they_say_they_look_at()
    {
        await using var company = await Company.Found();
        await RandomCompany.Trade(company, seed: 5, steps: 150);
        var blinkered = Projections.All.Select(projection => new Blinkered(projection)).ToList();
        (await company.Rebuild.Check(blinkered, Nobody, default)).Identical.ShouldBeTrue();
    }

    private static bool Looks(IProjection projection, Type @case) =>
        projection.LooksAt.Any(type => type.IsAssignableFrom(@case));

    private static string Lookers(Type @case) => string.Join(
        ' ', Projections.All.Where(projection => Looks(projection, @case)).Select(projection => projection.Name));

    private static Recorded<object> Recorded(object example) => new(
        7, new(LedgerEvents.Codec.TypeName(example.GetType()).Split('.')[0], "x"), 0, Guid.Empty, example,
        new("test", "test"), Company.Noon);

    private static string Stopped(Projector projector, long position) => string.Join(' ', projector.Status
        .Where(one => one.Fault?.Position == position).Select(one => one.Name));

    private static List<IProjection> Of(string names, bool among) =>
        [.. Projections.All.Where(projection => names.Split(' ').Contains(projection.Name) == among)];

    /// <summary>A projection that is shown nothing else than what it says it looks at.</summary>
    private sealed class Blinkered(IProjection projection) : IProjection
    {
        public string Name => projection.Name;

        public IReadOnlyList<string> Tables => projection.Tables;

        public IReadOnlyList<string> SearchedBy => projection.SearchedBy;

        public IReadOnlyList<Statement> Fold(IReadOnlyList<Recorded<object>> page) =>
            projection.Fold([.. page.Where(recorded => Looks(projection, recorded.Event.GetType()))]);
    }
}
