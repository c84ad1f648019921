using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>What earlier versions stored can be read for ever. Each file of the folder Golden holds one event of each
/// type as a version wrote it: a line with the type, a line with the bytes. A file is added, never edited.</summary>
public class GoldenEventTests
{
    private const string Prefix = "golden/";

    private static readonly Dictionary<string, string> Sha256 = new()
    {
        ["2026-11-21"] = "24d689754cc41b9aa598a22cd93f7343e1220c0ce292aa6aaea68eff7ebe715a",
    };

    public static TheoryData<string> Versions => [.. typeof(GoldenEventTests).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Each_event_that_a_version_wrote_is_read(string version)
    {
        var lines = Encoding.UTF8.GetString(Bytes(version)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Length.ShouldBeGreaterThan(1);
        foreach (var pair in lines.Chunk(2))
        {
            LedgerEvents.Codec.Decode(new(
                0, new("payment", "p1"), 0, Guid.Empty, pair[0], Encoding.UTF8.GetBytes(pair[1].Trim()), new("a", "c"),
                DateTimeOffset.UnixEpoch)).ShouldNotBeNull(pair[0]);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_file_is_as_it_was_added(string version) =>
        Convert.ToHexStringLower(SHA256.HashData(Bytes(version))).ShouldBe(Sha256.GetValueOrDefault(version));

    private static byte[] Bytes(string version)
    {
        using var stream = typeof(GoldenEventTests).Assembly.GetManifestResourceStream(Prefix + version)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
