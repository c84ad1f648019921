using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>Archives whose numbers are as large as they can be. Both verifiers come to the same.</summary>
public sealed class WideArchiveTests : IDisposable
{
    // From here on, numbers that JavaScript keeps as doubles have gaps.
    private const long Edge = 1L << 53;

    private static readonly WrittenLog Log = new(100);

    private readonly NodeVerifier _node = new();

    public WideArchiveTests() => File.WriteAllText(_node.In("key.pem"), WrittenLog.Key.Public.Pem);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_zip_with_zip64s_records_is_good_whichever_of_its_numbers_stand_in_them()
    {
        var files = new OpenedArchive(await Log.Stream("payment-p2")).Files;
        foreach (var zip in new[]
        {
            new WideZip(files), new WideZip(files) { WideHeads = false },
            new WideZip(files) { WideEntries = (false, false, false) },
            new WideZip(files) { WideEntries = (false, true, false), WideEnd = (true, false, false) },
            new WideZip(files) { WideEntries = (true, false, true), WideEnd = (false, true, false) },
            new WideZip(files) { WideEntries = (false, false, true), WideEnd = (false, false, true) },
        })
            (await _node.Agreed(zip.Write(), "key.pem")).ShouldBe((0, ""), $"{zip}");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 1)]
    [InlineData(4, 1L << 32)]
    [InlineData(16, 1)]
    [InlineData(20, 1)]
    [InlineData(24, 1)]
    [InlineData(24, Edge)]
    [InlineData(32, 1)]
    [InlineData(40, 1)]
    [InlineData(40, long.MinValue)]
    [InlineData(48, 1)]
    [InlineData(48, Edge)]
    [InlineData(48, -1)]
    [InlineData(56, 1)]
    [InlineData(60, 1)]
    [InlineData(64, 1)]
    [InlineData(64, Edge)]
    [InlineData(72, 1)]
    public async Task A_wide_end_record_that_says_anything_else_is_not_good(int offset, long by)
    {
        var files = new OpenedArchive(await Log.Stream("payment-p2")).Files;
        var zip = new WideZip(files) { EndSpoilt = (offset, by) };
        var bytes = zip.Write();
        (await _node.Agreed(bytes, "key.pem")).ShouldBe((1, $"{zip.At.WideRecord}"));
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(2, 8)]
    [InlineData(4, 1)]
    [InlineData(4, Edge)]
    [InlineData(4, long.MinValue)]
    [InlineData(12, 1)]
    [InlineData(12, Edge)]
    [InlineData(12, long.MinValue)]
    [InlineData(20, 1)]
    [InlineData(20, Edge)]
    [InlineData(20, long.MinValue)]
    public async Task A_wide_field_that_says_anything_else_is_not_good(int offset, long by)
    {
        var files = new OpenedArchive(await Log.Stream("payment-p2")).Files;
        var zip = new WideZip(files) { EntrySpoilt = (offset, by) };
        (await _node.Agreed(zip.Write(), "key.pem")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Both_end_records_say_the_same_and_a_wide_field_has_nothing_else()
    {
        var files = new OpenedArchive(await Log.Stream("payment-p2")).Files;
        var zip = new WideZip(files) { WideEnd = (false, true, true), EndSpoilt = (32, 1) };
        (await _node.Agreed(zip.Write(), "key.pem")).ShouldBe((1, $"{zip.At.WideRecord}"));
        foreach (var more in new byte[][] { [0], [1, 0, 0, 0], new byte[8] })
            (await _node.Agreed(new WideZip(files) { EntryMore = more }.Write(), "key.pem")).Code.ShouldBe(1);

        // What has room in its place has no other.
        var narrow = new WideZip(files) { WideEntries = (true, true, false), EntryMore = new byte[8] };
        (await _node.Agreed(narrow.Write(), "key.pem")).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Positions_and_batches_beyond_what_a_double_can_tell_apart_are_told_apart()
    {
        var far = new FarLog(Edge - 2, 6);
        var archive = await far.Range();
        foreach (var (code, text) in new[]
        {
            (0, $"{far.Checkpoint(Edge)}"), (0, $"{far.Checkpoint(Edge)}{far.Checkpoint(Edge + 1)}"),
            (1, $"{far.Checkpoint(Edge, of: Edge + 1)}"), (1, $"{far.Checkpoint(Edge + 1, of: Edge)}"),
        })
        {
            await File.WriteAllTextAsync(_node.In("outside.txt"), text);
            (await _node.Agreed(archive, "key.pem", "outside.txt")).Code.ShouldBe(code, text);
        }

        foreach (var name in new[] { "first_position", "last_position", "anchor" })
        {
            foreach (var by in new[] { -1, 1 })
                (await _node.Agreed(far.With(archive, name, by), "key.pem")).Code.ShouldBe(1, $"{name} {by}");
        }

        (await _node.Agreed(far.With(archive, "exported_at", 0), "key.pem")).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("\"events\": 20", "\"events\": 20.0")]
    [InlineData("\"events\": 20", "\"events\": 2e1")]
    [InlineData("\"events\": 20", "\"events\": \"20\"")]
    [InlineData("\"events\": 20", "\"events\": 36893488147419103252")]
    [InlineData("\"events\": 20", "\"events\": null")]
    public async Task A_number_of_the_list_of_contents_is_a_whole_number_as_it_stands(string number, string with)
    {
        var archive = await Log.Stream("payment-p2");
        (await _node.Agreed(FarLog.Signed(archive, number, number), "key.pem")).Code.ShouldBe(0);
        (await _node.Agreed(FarLog.Signed(archive, number, with), "key.pem")).Code.ShouldBe(1);
    }

    /// <summary>The end of a log that is longer than any, in one batch among as many.</summary>
    private sealed class FarLog
    {
        private const long Batches = Edge + 3;
        private readonly long _first;
        private readonly List<StoredEvent> _events = [];
        private readonly byte[] _before = [.. Enumerable.Repeat((byte)7, EventLink.Size)];
        private readonly string _root;
        private readonly EventProof _proof;

        public FarLog(long first, int count)
        {
            _first = first;
            var (link, tree, root) = (new EventLink(), new MerkleTree(), new byte[EventLink.Size]);
            link.Reset(_before);
            for (var position = first; position < first + count; position++)
            {
                var one = new StoredEvent(
                    position, "payment-far", position, Guid.NewGuid(), "payment.succeeded", WrittenLog.At, "key:k1",
                    "trace", null, Encoding.UTF8.GetBytes("{}"), []);
                one.Extend(link);
                _events.Add(one with { Link = link.Current.ToArray() });
                tree.Add(link.Current);
            }

            tree.Root(root);
            var path = new ArrayBufferWriter<byte>();
            MerklePath.Write(count - 1, count, (start, end, of) =>
            {
                var part = new MerkleTree();
                foreach (var one in _events[(int)start..(int)end])
                    part.Add(one.Link);
                part.Root(of);
            }, path);
            var upTo = path.WrittenCount;
            MerklePath.Write(Batches - 1, Batches, (start, _, of) =>
            {
                of.Clear();
                BinaryPrimitives.WriteInt64BigEndian(of, start);
            }, path);
            var rest = path.WrittenSpan[upTo..];
            var top = new byte[EventLink.Size];
            MerklePath.TryFollow(root, Batches - 1, Batches, ref rest, top).ShouldBeTrue();
            (_root, _proof) = (Convert.ToHexStringLower(top), new(count - 1, count, Batches - 1, path.WrittenMemory));
        }

        /// <param name="position">Of which it says it is.</param>
        /// <param name="of">Whose link it has; as a true one has, unless given.</param>
        public SignedCheckpoint Checkpoint(long position, long? of = null) => WrittenLog.Key.Sign(new Checkpoint(
            WrittenLog.LogId, position, Convert.ToHexStringLower(_events[(int)((of ?? position) - _first)].Link),
            position == _events[^1].Position ? Batches : Batches - 1, _root, WrittenLog.At, "manual"));

        public async Task<byte[]> Range()
        {
            using var bytes = new MemoryStream();
            await using (var writer = await ArchiveWriter.Begin(bytes, WrittenLog.At, default))
            {
                var written = await writer.Events(async file =>
                {
                    var link = new EventLink();
                    file.Begin(_first, _before);
                    link.Reset(_before);
                    foreach (var one in _events)
                    {
                        one.Extend(link);
                        await file.Add(one.Position, one.Link, link.Fields, default);
                    }

                    file.End(_proof);
                }, default);
                await writer.Batches(AsyncEnumerable.Empty<EventBatch>(), default);
                var anchor = Checkpoint(_events[^1].Position);
                await writer.Checkpoints([anchor], [WrittenLog.Key.Public], default);
                await writer.End(WrittenLog.LogId, new("range"), written, anchor.Checkpoint, WrittenLog.Key, default);
            }

            return bytes.ToArray();
        }

        /// <summary>Signed by the ledger's own key, with another number in its list of contents.</summary>
        public byte[] With(byte[] archive, string name, int by)
        {
            var number = name == "first_position" ? _first : _events[^1].Position;
            return by == 0
                ? Signed(archive, "\"files\"", "\"files\"")
                : Signed(archive, $"\"{name}\": {number}", $"\"{name}\": {number + by}");
        }

        public static byte[] Signed(byte[] archive, string text, string with)
        {
            var opened = new OpenedArchive(archive);
            var before = Encoding.UTF8.GetString(opened.Files["manifest.json"]);
            before.ShouldContain(text);
            var manifest = Encoding.UTF8.GetBytes(before.Replace(text, with, StringComparison.Ordinal));
            var signature = Encoding.UTF8.GetBytes(
                $"key: {WrittenLog.Key.Public.Id}\nalgorithm: {WrittenLog.Key.Public.Algorithm}\n"
                + $"signature: {Convert.ToBase64String(WrittenLog.Key.Sign(manifest))}\n");
            return new OpenedArchive(opened.With("manifest.json", manifest)).With("manifest.sig", signature);
        }
    }
}
