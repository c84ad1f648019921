using Jifu.Ledger.EventLog.Evidence;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

public class NotaryTests
{
    private static readonly WrittenLog Written = new(3000);

    [Fact]
    public async Task A_checkpoint_goes_on_from_the_one_before_and_stands_in_a_file_too()
    {
        await using var stored = await StoredEvidence.Create();
        (await stored.Notary.Take("manual", false, default)).ShouldBeNull();
        var half = Written.Batches[400].Last;
        await stored.Write(Written, 0, half);
        var first = await stored.Notary.Take("schedule", true, default);
        (await stored.Notary.Take("schedule", true, default))!.ToString().ShouldBe($"{first}");
        await stored.Write(Written, half + 1, 2999);
        var second = (await stored.Notary.Take("day_close 2026-11-21", false, default))!;
        (second.Checkpoint with { Log = WrittenLog.LogId, At = WrittenLog.At, Reason = "manual" })
            .ShouldBe(Written.Checkpoint(Written.Batches.Count).Checkpoint);
        stored.Folder.Newest().Select(one => $"{one.Signed}").ShouldBe([$"{second}", $"{first}"]);
        var report = await stored.Check();
        report.Findings.Kept.ShouldBeEmpty();
        (report.Events, report.Signed, report.Notes.Count).ShouldBe((3000, 4, 0));
    }

    [Fact]
    public async Task What_was_altered_since_the_last_checkpoint_is_not_signed()
    {
        await using var stored = await StoredEvidence.Create();
        var half = Written.Batches[400].Last;
        await stored.Write(Written, 0, half);
        await stored.Notary.Take("schedule", true, default);
        await stored.Write(Written, half + 1, 2999);
        await stored.Unprotect();
        await stored.Execute("UPDATE log.events SET actor = 'key:k9' WHERE position = 2500");
        var altered = await Should.ThrowAsync<LogAlteredException>(
            () => stored.Notary.Take("schedule", true, default));
        (altered.Finding.Kind, altered.Finding.Position).ShouldBe((FindingKind.EventAltered, 2500));
        stored.Folder.Newest().Count().ShouldBe(1);
        var archive = await stored.Archive(new("all"));
        var report = ArchiveCheck.Run(new MemoryStream(archive), [WrittenLog.Key.Public], []);
        (report.IsGood, report.Contents!.LastPosition).ShouldBe((true, half));
    }

    [Fact]
    public async Task Archives_of_a_whole_log_a_range_a_day_and_a_stream_prove_themselves()
    {
        await using var stored = await StoredEvidence.Create(Written);
        foreach (var request in new ExportRequest[]
        {
            new("all"), new("range", From: 17, To: 2222), new("range", From: 2990), new("stream", "payment-p4"),
            new("day", Day: BusinessDay.Of(WrittenLog.At)),
        })
        {
            var report = ArchiveCheck.Run(
                new MemoryStream(await stored.Archive(request)), [WrittenLog.Key.Public], []);
            report.Findings.Kept.ShouldBeEmpty();
            report.Events.ShouldBe(
                request.Kind == "stream" ? 600 : Math.Min(request.To, 2999) - request.From + 1, $"{request}");
        }

        foreach (var empty in new ExportRequest[]
        {
            new("range", From: 3000), new("stream", "payment-none"), new("day", Day: new(new(2026, 11, 20))),
        })
            (await stored.Export.Plan(empty, default)).ShouldBeNull();
    }
}
