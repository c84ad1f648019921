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

        // Nor is a shorter archive made of what comes before: it would be good, and pass for everything.
        foreach (var request in new ExportRequest[] { new("all"), new("range", To: 9), new("stream", "payment-p4") })
            (await Should.ThrowAsync<LogAlteredException>(() => stored.Export.Plan(request, default)))
                .Finding.Position.ShouldBe(2500);
    }

    [Theory]
    [InlineData("TRUNCATE log.checkpoints", FindingKind.CheckpointDiffers)]
    [InlineData("SELECT 1", FindingKind.CheckpointDiffers)]
    [InlineData("UPDATE log.checkpoints SET body = $1, peaks = $2", FindingKind.CheckpointDiffers)]
    [InlineData("UPDATE log.identity SET log_id = gen_random_uuid()", FindingKind.AnotherLog)]
    [InlineData("TRUNCATE log.events, log.batches, log.checkpoints", FindingKind.TailMissing)]
    public async Task A_history_that_was_written_anew_is_not_signed(string rest, FindingKind kind)
    {
        await using var stored = await StoredEvidence.Create(Written);
        await stored.Notary.Take("schedule", true, default);
        await stored.Unprotect();
        await stored.Execute("TRUNCATE log.events, log.batches");
        var forged = new WrittenLog(3000, one => one.Position == 1700 ? one with { Actor = "key:k9" } : one);
        await stored.Write(forged, 0, 2999);
        await stored.Execute(rest, $"{forged.Checkpoint(forged.Batches.Count, SigningKey.NewSm2())}", forged.Peaks);
        foreach (var onlyNews in new[] { true, false })
            (await Should.ThrowAsync<LogAlteredException>(() => stored.Notary.Take("schedule", onlyNews, default)))
                .Finding.Kind.ShouldBe(kind);
        stored.Folder.Newest().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Signing_goes_on_after_a_rotation_and_with_a_folder_that_is_new_or_behind()
    {
        await using var stored = await StoredEvidence.Create();
        await Grow(0, 400);
        Directory.Delete(stored.Folder.Path, recursive: true);
        await Grow(400, 500);
        stored.Key = SigningKey.NewSm2();
        await Grow(500, 600);
        File.Delete(Path.Combine(
            Directory.GetDirectories(stored.Folder.Path)[0], stored.Folder.Newest().First().File));
        await Grow(600, 700);
        stored.Folder.Newest().Count().ShouldBe(4);
        (await stored.Check()).Findings.Kept.ShouldBeEmpty();

        async Task Grow(int from, int to)
        {
            await stored.Write(Written, from == 0 ? 0 : Written.Batches[from].First, Written.Batches[to].First - 1);
            (await stored.Notary.Take("schedule", true, default))!.Checkpoint.Batches.ShouldBe(to);
        }
    }

    [Fact]
    public async Task Nothing_is_signed_while_the_newest_file_outside_is_newer_than_the_database_or_no_checkpoint()
    {
        await using var stored = await StoredEvidence.Create(Written);
        await stored.Notary.Take("schedule", true, default);
        await stored.Unprotect();
        await stored.Execute("TRUNCATE log.checkpoints");
        (await Should.ThrowAsync<LogAlteredException>(() => stored.Notary.Take("schedule", true, default)))
            .Finding.Kind.ShouldBe(FindingKind.TailMissing);
        var folder = Directory.GetDirectories(stored.Folder.Path)[0];
        await File.WriteAllTextAsync(Path.Combine(folder, "checkpoint-9.txt"), "nothing");
        (await Should.ThrowAsync<LogAlteredException>(() => stored.Notary.Take("schedule", true, default)))
            .Message.ShouldContain("checkpoint-9.txt");
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
