using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>Archives that somebody made to deceive the check, or to bring it down.</summary>
public class CraftedArchiveTests
{
    private static readonly WrittenLog Log = new(200);

    [Fact]
    public async Task Each_checkpoint_from_outside_that_an_archive_has_no_event_for_is_told_not_to_be_compared()
    {
        var forged = new WrittenLog(200, one => one.Position == 3 ? one with { Actor = "key:k9" } : one);
        foreach (var archive in new[] { await forged.Stream("payment-p3"), await forged.Range(90, 150) })
        {
            var report = Check(archive, Log.Checkpoint(1), Log.Checkpoint(2));
            report.Findings.Kept.ShouldBeEmpty();
            report.Notes[0]
                .ShouldStartWith("2 checkpoints from outside could not be compared, of positions");
        }

        Check(await Log.Range(0, 150), Log.Checkpoint(1)).Notes.ShouldBeEmpty();
        Check(await Log.Range(0, 150), Log.Checkpoint(Log.Batches.Count)).Notes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_checkpoint_from_outside_of_the_same_position_and_another_tree_is_found()
    {
        var anchor = Log.Checkpoint(Log.Batches.Count).Checkpoint;
        foreach (var other in new[]
        {
            anchor with { Root = new('a', 64) }, anchor with { Batches = 7 }, anchor with { Link = new('a', 64) },
        })
        {
            foreach (var archive in new[] { await Log.Stream("payment-p3"), await Log.Range(9, 70), await Log.All() })
                Check(archive, WrittenLog.Key.Sign(other)).Findings.Kept
                    .ShouldContain(one => one.Kind == FindingKind.CheckpointDiffers && one.Position == 199);
        }
    }

    [Fact]
    public async Task A_checkpoint_where_no_batch_ends_is_found_in_an_archive_of_everything()
    {
        var batch = Log.Batches.First(one => one.Last - one.First > 1);
        var within = WrittenLog.Key.Sign(Log.Checkpoint(Log.Batches.IndexOf(batch) + 1).Checkpoint with
        {
            Position = batch.First, Link = Convert.ToHexStringLower(Log.Events[(int)batch.First].Link),
        });
        Check(await Log.All(), within).Findings.FirstPosition.ShouldBe(batch.First);
    }

    [Fact]
    public async Task A_file_that_stands_in_the_archive_twice_is_refused_whichever_a_program_would_read()
    {
        var opened = new OpenedArchive(await Log.All());
        foreach (var (name, content) in opened.Files)
            Check(opened.And(name, content)).Findings.Kept.ShouldHaveSingleItem().Detail
                .ShouldContain($"{name} stands, and did before");
        Check(opened.And("more.txt", [1])).Findings.Kept.ShouldHaveSingleItem().Field.ShouldBe("more.txt");
    }

    [Theory]
    [InlineData("{\"format\":\"\u00ff\"}")]
    [InlineData("{\"format\":\"jifu evidence v1\",\"files\":[null]}")]
    [InlineData("null")]
    [InlineData("[]")]
    public async Task A_list_of_contents_that_is_none_is_found(string manifest)
    {
        var opened = new OpenedArchive(await Log.Stream("payment-p3"));
        var whole = Encoding.UTF8.GetString(opened.Files["manifest.json"]);
        var files = whole.IndexOf("\"files\"", StringComparison.Ordinal);
        var text = manifest.Contains("files", StringComparison.Ordinal)
            ? whole[..files] + "\"files\":[null]}"
            : manifest;
        try
        {
            Check(opened.With("manifest.json", Encoding.Latin1.GetBytes(text))).IsGood.ShouldBeFalse();
        }
        catch (UnknownArchiveVersionException)
        {
            text.ShouldBeOneOf("null", "[]");
        }
    }

    [Fact]
    public async Task A_position_that_nothing_can_come_after_is_found()
    {
        foreach (var archive in new[] { await Log.All(), await Log.Range(9, 70), await Log.Stream("payment-p2") })
        {
            var opened = new OpenedArchive(archive);
            var (events, batches) = (opened.Files["events.bin"].Length, opened.Files["batches.bin"].Length);
            var places = Enumerable.Range(0, events).Where(at => opened.IsEvent(at)).SelectMany(at => new[]
            {
                ("events.bin", at + 5 + 32 + 4), ("events.bin", at + 5 + 32 + 4 + 8 + 4 + 10 + 4),
            });
            foreach (var (name, at) in places.Take(30).Append(("events.bin", 5)).Concat(
                Enumerable.Range(0, batches / 8).Where(i => i % 6 < 2).Select(i => ("batches.bin", 8 * i))))
            {
                foreach (var number in new[] { long.MaxValue, long.MinValue, -1 })
                {
                    var content = opened.Files[name].ToArray();
                    BinaryPrimitives.WriteInt64BigEndian(content.AsSpan(at), number);
                    Check(opened.With(name, content)).IsGood.ShouldBeFalse($"{number} at {at} of {name}");
                }
            }
        }
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("manifest.sig")]
    [InlineData("checkpoints.txt")]
    [InlineData("batches.bin")]
    [InlineData("README.txt")]
    public async Task A_file_that_is_far_larger_than_it_should_be_is_not_read_into_memory(string name)
    {
        var opened = new OpenedArchive(await Log.All());
        var bomb = opened.With(name, new byte[256 << 20], CompressionLevel.Fastest);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Check(bomb).IsGood.ShouldBeFalse();
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32 << 20);
    }

    private static EvidenceReport Check(byte[] archive, params SignedCheckpoint[] outside) =>
        ArchiveCheck.Run(new MemoryStream(archive), [WrittenLog.Key.Public], outside);
}
