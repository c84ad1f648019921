using System.Buffers.Binary;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>F8 for archives: events are taken out of one, change places, or are cut off at its end.</summary>
public sealed class ShortArchiveTests : IDisposable
{
    private const int Rounds = 100;
    private static readonly WrittenLog Log = new(100);
    private readonly NodeVerifier _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_cut_tail_is_named_by_the_first_event_that_is_missing()
    {
        File.WriteAllText(_node.In("key.pem"), WrittenLog.Key.Public.Pem);
        var random = new Random(20261122);
        foreach (var (archive, first, last) in new[] { (await Log.All(), 0, 99), (await Log.Range(9, 70), 9, 70) })
        {
            for (var i = 0; i < Rounds; i++)
            {
                var cut = random.Next(first + 1, last + 1);
                var spoilt = Spoilt(archive, records => records.RemoveAll(one => PositionOf(one) >= cut));
                var report = ArchiveCheck.Run(new MemoryStream(spoilt), [WrittenLog.Key.Public], []);
                report.Findings.FirstPosition.ShouldBe(cut);
                report.Findings.Kept[0].Kind.ShouldBe(FindingKind.EventMissing);
                if (i % 20 > 0)
                    continue;
                var (code, told) = await _node.Run(spoilt, "key.pem");
                code.ShouldBe(1, told);
                told.ShouldContain($"{cut}");
                told.ShouldContain($"positions {cut} to {last} are missing");
                told.ShouldNotContain("is not proved");
            }
        }
    }

    [Fact]
    public async Task An_event_that_is_gone_or_has_changed_places_is_named()
    {
        var random = new Random(20261122);
        var archive = await Log.All();
        for (var i = 0; i < Rounds; i++)
        {
            var (one, other) = (random.Next(99), random.Next(99));
            FirstWrong(Spoilt(archive, records => records.RemoveAll(record => PositionOf(record) == one)))
                .ShouldBe(one);
            if (one != other)
                FirstWrong(Spoilt(archive, records => Swap(records, one, other))).ShouldBe(Math.Min(one, other));
        }
    }

    private static long? FirstWrong(byte[] archive) =>
        ArchiveCheck.Run(new MemoryStream(archive), [WrittenLog.Key.Public], []).Findings.FirstPosition;

    private static void Swap(List<byte[]> records, int one, int other)
    {
        var (a, b) = (records.FindIndex(r => PositionOf(r) == one), records.FindIndex(r => PositionOf(r) == other));
        (records[a], records[b]) = (records[b], records[a]);
    }

    private static long? PositionOf(byte[] record) =>
        record[0] == 'E' ? BinaryPrimitives.ReadInt64BigEndian(record.AsSpan(5 + 32 + 4)) : null;

    private static byte[] Spoilt(byte[] archive, Action<List<byte[]>> spoil)
    {
        var opened = new OpenedArchive(archive);
        var (bytes, records) = (opened.Files["events.bin"], new List<byte[]>());
        for (var at = 0; at < bytes.Length; at += records[^1].Length)
            records.Add(bytes[at..(at + 5 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at + 1)))]);
        spoil(records);
        return opened.With("events.bin", [.. records.SelectMany(record => record)]);
    }
}
