using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>A superuser changes events below the newest checkpoint, or takes them away, so that they would be exported
/// as they are now: nothing is signed.</summary>
public class ShortenedTests
{
    private const int Count = 60;
    private static readonly WrittenLog Written = new(Count);

    [Fact]
    public async Task A_stream_whose_end_was_taken_away_is_not_exported()
    {
        await using var stored = await Prepared();
        var stream = Written.Events[0].Stream;
        var cut = Written.Events.First(one => one.Stream == stream && one.Version == 3).Position;
        await stored.Execute($"DELETE FROM log.events WHERE stream = '{stream}' AND version >= 3");

        (await Refused(stored, new("stream", stream))).ShouldBe((FindingKind.EventMissing, cut));
    }

    [Fact]
    public async Task A_stream_of_which_nothing_is_left_is_not_called_empty()
    {
        await using var stored = await Prepared();
        var stream = Written.Events[0].Stream;
        await stored.Execute($"DELETE FROM log.events WHERE stream = '{stream}'");
        (await Refused(stored, new("stream", stream))).ShouldBe((FindingKind.EventMissing, 0));
    }

    [Fact]
    public async Task A_day_is_not_cut_short_by_a_time_that_was_changed()
    {
        await using var stored = await Prepared();
        await stored.Execute(
            $"UPDATE log.events SET recorded_at = recorded_at + interval '3 days' WHERE position = {Count / 2}");
        (await Refused(stored, new("day", Day: new(new(2026, 11, 21)))))
            .ShouldBe((FindingKind.EventAltered, Count / 2));
    }

    [Fact]
    public async Task Everything_is_not_signed_when_an_event_of_it_was_altered()
    {
        await using var stored = await Prepared();
        await stored.Execute("UPDATE log.events SET payload = set_byte(payload, 9, 57) WHERE position IN (12, 30)");
        (await Refused(stored, new("all"))).ShouldBe((FindingKind.EventAltered, 12));
    }

    [Fact]
    public async Task A_range_is_signed_when_its_own_events_are_as_they_were_written()
    {
        await using var stored = await Prepared();
        await stored.Execute("""
            UPDATE log.events SET payload = set_byte(payload, 9, 57) WHERE position IN (12, 30);
            DELETE FROM log.events WHERE position = 45;
            """);
        (await Refused(stored, new("range", From: 10, To: 20))).ShouldBe((FindingKind.EventAltered, 12));
        (await Refused(stored, new("range", From: 30, To: 30))).ShouldBe((FindingKind.EventAltered, 30));
        (await Refused(stored, new("range", From: 40, To: 45))).ShouldBe((FindingKind.EventMissing, 45));

        // Its own events are whole, and their batch is not.
        (await Refused(stored, new("range", From: 40, To: 44))).ShouldBe((FindingKind.ProofWrong, 44));
        foreach (var (from, to) in new[] { (0, 11), (13, 29), (31, 42) })
        {
            using var archive = new MemoryStream(await stored.Archive(new("range", From: from, To: to)));
            ArchiveCheck.Run(archive, [WrittenLog.Key.Public], []).IsGood.ShouldBeTrue($"{from} to {to}");
        }
    }

    [Theory]
    [InlineData("stream", "whether there were later ones in this stream")]
    [InlineData("day", "whether these are all events of the day")]
    [InlineData("all", null)]
    public async Task What_an_archive_alone_does_not_prove_is_said(string kind, string? said)
    {
        await using var stored = await Prepared();
        var bytes = await stored.Archive(new(
            kind, kind == "stream" ? Written.Events[0].Stream : null,
            kind == "day" ? new BusinessDay(new(2026, 11, 21)) : null));
        using var archive = new MemoryStream(bytes);
        var report = ArchiveCheck.Run(archive, [WrittenLog.Key.Public], []);
        report.Findings.Kept.ShouldBeEmpty();
        if (said is null)
            report.Notes.ShouldBeEmpty();
        else
            report.Notes.ShouldHaveSingleItem().ShouldContain(said);
    }

    private static async Task<StoredEvidence> Prepared()
    {
        var stored = await StoredEvidence.Create(Written);
        await stored.Notary.Take("manual", false, default);
        await stored.Unprotect();
        return stored;
    }

    private static async Task<(FindingKind, long?)> Refused(StoredEvidence stored, ExportRequest request)
    {
        var altered = await Should.ThrowAsync<LogAlteredException>(stored.Export.Plan(request, default));
        return (altered.Finding.Kind, altered.Finding.Position);
    }
}
