using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>What earlier versions stored can be read for ever. Each file of the folder Golden holds events as versions
/// up to that day wrote them: a line with the type, a line with the bytes. The first has one of each type that there
/// was, the second each shape that a type has had since. A file is added, never edited.</summary>
public class GoldenEventTests
{
    private const string Prefix = "golden/";

    private static readonly Dictionary<string, string> Sha256 = new()
    {
        ["2026-11-21"] = "24d689754cc41b9aa598a22cd93f7343e1220c0ce292aa6aaea68eff7ebe715a",
        ["2026-11-22"] = "06bf4906e5467fc8c55160a21279acc539ba39f5e2d30e996968c7cedb79a229",
    };

    private static readonly string[] Files = [.. typeof(GoldenEventTests).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])];

    public static TheoryData<string> Versions => [.. Files];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Each_event_that_a_version_wrote_is_read_as_it_was_meant(string version)
    {
        var events = Events(version);
        events.Count.ShouldBeGreaterThan(1);
        foreach (var (type, bytes) in events)
        {
            var read = LedgerEvents.Codec.Decode(new(
                0, new("payment", "p1"), 0, Guid.Empty, type, Encoding.UTF8.GetBytes(bytes), new("a", "c"),
                DateTimeOffset.UnixEpoch));
            LedgerEvents.Codec.TypeName(read.GetType()).ShouldBe(type);
            Kept(JsonNode.Parse(bytes), JsonNode.Parse(LedgerEvents.Codec.Write(read)))
                .ShouldBeTrue($"{type}: {bytes} is read as {Encoding.UTF8.GetString(LedgerEvents.Codec.Write(read))}");
        }
    }

    [Fact]
    public void Each_type_that_is_stored_stands_in_a_file() => LedgerEvents.Codec.TypeNames
        .Except(Files.SelectMany(Events).Select(one => one.Type))
        .ShouldBeEmpty("Add a file of the day to Golden, with the lines that EventBytesTests approved.");

    [Theory]
    [InlineData("""{"a":1,"b":[{"c":"x"}]}""", """{"a":1,"b":[{"c":"x","new":null}],"more":2}""", true)]
    [InlineData("""{"a":1}""", """{"a":2}""", false)]
    [InlineData("""{"a":null}""", """{}""", false)]
    [InlineData("""{"a":null}""", """{"a":0}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[1,2,3]}""", false)]
    [InlineData("""{"a":[1,2]}""", """{"a":[2,1]}""", false)]
    public void What_was_written_is_kept_when_its_members_have_their_values(string written, string read, bool kept) =>
        Kept(JsonNode.Parse(written), JsonNode.Parse(read)).ShouldBe(kept);

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_file_is_as_it_was_added(string version) =>
        Convert.ToHexStringLower(SHA256.HashData(Bytes(version))).ShouldBe(Sha256.GetValueOrDefault(version));

    // A member that came later may stand beside what was written; nothing of that may be lost or be something else.
    private static bool Kept(JsonNode? written, JsonNode? read) => (written, read) switch
    {
        (JsonObject before, JsonObject now) =>
            before.All(member => now.TryGetPropertyValue(member.Key, out var value) && Kept(member.Value, value)),
        (JsonArray before, JsonArray now) =>
            before.Count == now.Count && before.Zip(now).All(pair => Kept(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(written, read),
    };

    private static List<(string Type, string Bytes)> Events(string version) =>
        [.. Encoding.UTF8.GetString(Bytes(version)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Chunk(2).Select(pair => (pair[0], pair[1].Trim()))];

    private static byte[] Bytes(string version)
    {
        using var stream = typeof(GoldenEventTests).Assembly.GetManifestResourceStream(Prefix + version)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
