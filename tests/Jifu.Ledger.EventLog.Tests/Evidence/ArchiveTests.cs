using System.IO.Compression;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

public class ArchiveTests
{
    private static readonly WrittenLog Log = new(200);

    [Fact]
    public async Task A_whole_log_a_range_and_a_stream_prove_themselves()
    {
        var whole = Check(await Log.All(Log.Checkpoint(10), Log.Checkpoint(Log.Batches.Count)));
        Told(whole).ShouldBeEmpty();
        (whole.Events, whole.Signed, whole.Proved!.Position).ShouldBe((200, 2, 199));
        for (var first = 0; first < 60; first += 7)
            Told(Check(await Log.Range(first, first * 3 + 1))).ShouldBeEmpty();
        var stream = Check(await Log.Stream("payment-p3"));
        Told(stream).ShouldBeEmpty();
        (stream.Events, stream.Contents!.FirstPosition, stream.Contents.LastPosition).ShouldBe((40, 3, 198));
    }

    [Fact]
    public async Task A_key_that_was_not_given_proves_nothing()
    {
        var other = SigningKey.NewSm2();
        var report = ArchiveCheck.Run(new MemoryStream(await Log.All()), [other.Public], []);
        report.Findings.Kept.Select(one => one.Kind).Distinct()
            .ShouldBe([FindingKind.KeyUnknown, FindingKind.ProofWrong]);
        var forged = Log.Checkpoint(Log.Batches.Count, other) with { KeyId = WrittenLog.Key.Public.Id };
        Check(await Log.All(forged)).Findings.Kept[0].Kind.ShouldBe(FindingKind.SignatureWrong);
    }

    [Fact]
    public async Task A_log_whose_tail_was_cut_off_is_found_by_a_checkpoint_from_outside()
    {
        var shorter = new WrittenLog(150);
        var archive = await shorter.All();
        Told(Check(archive)).ShouldBeEmpty();
        var found = Check(archive, Log.Checkpoint(Log.Batches.Count));
        found.Findings.Kept.ShouldHaveSingleItem().Kind.ShouldBe(FindingKind.TailMissing);
        found.Findings.FirstPosition.ShouldBe(150);
    }

    [Fact]
    public async Task A_log_that_was_written_anew_is_found_by_a_checkpoint_from_outside()
    {
        var other = new WrittenLog(201);
        var outside = Log.Checkpoint(20);
        Told(Check(await other.All(), outside)).ShouldBeEmpty();
        var forged = WrittenLog.Key.Sign(outside.Checkpoint with { Link = new('a', 64) });
        Check(await other.All(), forged).Findings.FirstPosition.ShouldBe(outside.Checkpoint.Position);
    }

    [Fact]
    public async Task A_checkpoint_of_a_part_that_is_not_in_the_archive_is_told_to_be_so()
    {
        var newer = new WrittenLog(220);
        var report = Check(await Log.Stream("payment-p1"), newer.Checkpoint(newer.Batches.Count));
        Told(report).ShouldBeEmpty();
        report.Notes[0].ShouldContain("could not be compared");
    }

    [Fact]
    public async Task Altered_missing_and_moved_events_are_named_by_position()
    {
        (await Altered(17, one => one with { Actor = "key:k2" })).ShouldBe((FindingKind.EventAltered, 17));
        (await Altered(17, one => one with { Link = new byte[32] })).ShouldBe((FindingKind.LinkAltered, 17));
        (await Altered(17, one => one with { CausationId = "" })).ShouldBe((FindingKind.EventAltered, 17));
        (await Altered(18, one => one with { CausationId = "" })).ShouldBe((FindingKind.EventAltered, 18));
        var events = Log.Events.ToList();
        events.RemoveAt(44);
        var gone = Check(await Log.Archive(new("all"), events, Log.Batches, [Log.Checkpoint(Log.Batches.Count)]));
        gone.Findings.FirstPosition.ShouldBe(44);
    }

    [Fact]
    public async Task An_archive_cut_anywhere_is_no_good()
    {
        var bytes = await Log.Range(10, 40);
        for (var length = 0; length < bytes.Length; length += 101)
        {
            var cut = bytes[..length];
            if (length < 4)
                Should.Throw<NoArchiveException>(() => Check(cut));
            else
                Check(cut).IsGood.ShouldBeFalse();
        }

        Should.Throw<NoArchiveException>(() => Check("no zip at all"u8.ToArray()));
    }

    [Fact]
    public async Task A_later_version_of_the_format_is_not_judged()
    {
        using var bytes = new MemoryStream();
        bytes.Write(await Log.Range(1, 2));
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Update, leaveOpen: true))
        {
            zip.GetEntry("manifest.json")!.Delete();
            using var file = zip.CreateEntry("manifest.json").Open();
            file.Write(Encoding.UTF8.GetBytes("""{"format":"jifu evidence v2","more":1}"""));
        }

        bytes.Position = 0;
        Should.Throw<UnknownArchiveVersionException>(() => ArchiveCheck.Run(bytes, [WrittenLog.Key.Public], []))
            .Message.ShouldContain("jifu evidence v2");
    }

    [Fact]
    public void Checkpoints_read_back_as_they_were_written_and_in_no_other_way()
    {
        var (one, other) = (Log.Checkpoint(3), Log.Checkpoint(5, SigningKey.NewSm2()));
        var read = SignedCheckpoint.ParseAll($"{one}\n{other}");
        read.Select(signed => signed.ToString()).ShouldBe([$"{one}", $"{other}"]);
        read[0].IsSignedBy(WrittenLog.Key.Public).ShouldBeTrue();
        read[1].IsSignedBy(WrittenLog.Key.Public).ShouldBeFalse();
        foreach (var wrong in new[] { "x", $"{one}".Replace("position: ", "position: 0"), $"{one}more: 1\n" })
            Should.Throw<FormatException>(() => SignedCheckpoint.ParseAll(wrong));
        $"{one.Checkpoint}".ShouldMatchApproved(o => o.NoDiff());
    }

    private static EvidenceReport Check(byte[] archive, params SignedCheckpoint[] outside) =>
        ArchiveCheck.Run(new MemoryStream(archive), [WrittenLog.Key.Public], outside);

    private static string Told(EvidenceReport report) => string.Join('\n', report.Findings.Kept);

    private static async Task<(FindingKind, long)> Altered(int position, Func<StoredEvent, StoredEvent> alter)
    {
        var events = Log.Events.ToList();
        events[position] = alter(events[position]);
        var report = Check(await Log.Archive(new("all"), events, Log.Batches, [Log.Checkpoint(Log.Batches.Count)]));
        return (report.Findings.Kept[0].Kind, report.Findings.FirstPosition!.Value);
    }
}
