using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>Both verifiers are given the same, and come to the same exit code: 0 good, 1 not good, 2 wrong
/// use.</summary>
public sealed class TwoVerifiersTests : IDisposable
{
    private static readonly WrittenLog Log = new(100);

    private readonly NodeVerifier _node = new();

    public TwoVerifiersTests() => File.WriteAllText(_node.In("key.pem"), WrittenLog.Key.Public.Pem);

    public void Dispose() => _node.Dispose();

    [Fact]
    public async Task A_zip_with_anything_but_the_files_of_its_directory_is_not_good_and_the_byte_is_named()
    {
        var all = await Log.All();
        var (start, end) = (BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(all.Length - 6)), all.Length - 22);
        var forged = Packed("README.txt", "All is well.");
        var hidden = forged[..^(22 + 46 + "README.txt".Length)];
        var moved = Moved([.. all[..start], .. hidden, .. all[start..]], start + hidden.Length);
        (await Said(all)).Code.ShouldBe(0);
        (await Said(await Log.Stream("payment-p2"))).Code.ShouldBe(0);
        foreach (var (name, archive, at) in new[]
        {
            ("a second README.txt before the directory", moved, start),
            ("a file before the first", Moved([.. hidden, .. all], start + hidden.Length), 0),
            ("bytes behind the end", [.. all, .. "more"u8], end + 4),
            ("two zips", [.. all, .. all], all.Length + end),
            ("a zip behind", [.. all, .. forged], all.Length + forged.Length - 22),
            ("a comment", [.. all[..^2], 4, 0, .. "more"u8], end + 4),
            ("the last byte cut", all[..^1], end - 1),
            ("bytes between directory and end", [.. all[..end], 0, .. all[end..]], end + 1),
        })
        {
            var said = await Said(archive);
            said.ShouldBe((1, $"{at}"), name);
        }
    }

    [Fact]
    public async Task Bytes_that_stand_behind_a_files_compressed_content_are_not_good()
    {
        var whole = await Log.Stream("payment-p2");
        var opened = new OpenedArchive(whole);
        foreach (var hidden in new[] { 1, 5_000, 2 << 20 })
            (await Said(opened.WithBehind("README.txt", new byte[hidden]))).Code.ShouldBe(1, $"{hidden}");
        (await Said(opened.WithBehind("README.txt", []))).Code.ShouldBe(0);
    }

    [Fact]
    public async Task A_bit_turned_anywhere_outside_of_the_packed_content_is_found_by_both()
    {
        var all = await Log.Range(9, 20);
        var start = BinaryPrimitives.ReadInt32LittleEndian(all.AsSpan(all.Length - 6));
        var (ours, spared) = (0, new List<int>());
        for (var at = start; at < all.Length; at++)
        {
            var flipped = all.ToArray();
            flipped[at] ^= 4;
            if (_node.Ours(flipped, "key.pem").Code == 1)
                ours++;
            else
                spared.Add(at);
        }

        // Who made it, for which version, and whether it is text: seven files, 2 + 2 + 2 + 4 bytes each.
        spared.Count.ShouldBe(7 * 10);
        ours.ShouldBe(all.Length - start - spared.Count);
        foreach (var at in Enumerable.Range(0, 12).Select(i => start + i * (all.Length - start) / 12).Append(spared[3]))
        {
            var flipped = all.ToArray();
            flipped[at] ^= 4;
            await Said(flipped);
        }
    }

    [Theory]
    [InlineData("batches.bin")]
    [InlineData("checkpoints.txt")]
    [InlineData("manifest.json")]
    [InlineData("events.bin")]
    public async Task Of_what_was_altered_both_name_the_same_first_position_and_few_findings(string file)
    {
        var (opened, random) = (new OpenedArchive(
            await Log.All([Log.Checkpoint(3), Log.Checkpoint(9), Log.Checkpoint(Log.Batches.Count)])), new Random(7));
        for (var i = 0; i < 25; i++)
        {
            var bit = random.Next(opened.Files[file].Length * 8);
            var archive = opened.Flipped(file, bit);
            (await Said(archive)).Code.ShouldNotBe(0, $"{file} {bit}");
            if (file == "batches.bin")
                _node.Ours(archive, "key.pem").Told.Split('\n').Length.ShouldBeLessThan(8, $"{bit}");
        }
    }

    [Fact]
    public async Task Damaged_packed_content_is_called_that()
    {
        var archive = await Log.All();
        var at = archive.AsSpan().IndexOf("events.bin"u8) + 400;
        archive[at] ^= 0x55;
        archive[at + 1] ^= 0x55;
        _node.Ours(archive, "key.pem").Told.ShouldNotContain("method");
        (await _node.Run(archive, "key.pem")).Code.ShouldBe(_node.Ours(archive, "key.pem").Code);
    }

    [Fact]
    public async Task Checkpoints_are_read_as_people_copy_them_and_a_file_without_any_is_wrong_use()
    {
        var (one, other, all) = ($"{Log.Checkpoint(4)}", $"{Log.Checkpoint(Log.Batches.Count)}", await Log.All());
        var forged = $"{WrittenLog.Key.Sign(Log.Checkpoint(4).Checkpoint with { Root = new('a', 64) })}";
        foreach (var (code, text) in new[]
        {
            (0, one), (0, $"{one}\n{other}"), (0, one + other), (0, $"\n{one}\n\n\n{other}\n\n"), (0, one[..^1]),
            (0, $"\ufeff{one}{other}"), (0, (one + other).Replace("\n", "\r\n", StringComparison.Ordinal)),
            (1, one + forged), (1, $"{Log.Checkpoint(4, SigningKey.NewSm2())}"),
            (2, ""), (2, "\n"), (2, "\ufeff"), (2, "garbage\n"), (2, $"{one}garbage\n"), (2, $"{one}\ngarbage\n"),
            (2, one.Replace("batches", "\nbatches", StringComparison.Ordinal)), (2, one[..^30]), (2, one + one[20..]),
            (2, one.Replace("link: ", "link: X", StringComparison.Ordinal)), (2, new('a', 100_000)),
            (2, one.Replace("11-21T", "02-30T", StringComparison.Ordinal)),
            (2, one.Replace("position: ", "position: 0", StringComparison.Ordinal)),
        })
        {
            await File.WriteAllTextAsync(_node.In("outside.txt"), text);
            (await Said(all, "outside.txt")).Code.ShouldBe(code, text);
        }

        await File.WriteAllBytesAsync(_node.In("outside.txt"), [.. Encoding.UTF8.GetBytes(one), 0xff]);
        (await Said(all, "outside.txt")).Code.ShouldBe(2);
        await File.WriteAllBytesAsync(_node.In("outside.txt"), Encoding.Unicode.GetBytes($"\ufeff{one}"));
        (await Said(all, "outside.txt")).Code.ShouldBe(2);
    }

    [Theory]
    [InlineData(1, "null")]
    [InlineData(1, "[]")]
    [InlineData(1, "{}")]
    [InlineData(1, "{\"format\":7}")]
    [InlineData(1, "{\"format\":")]
    [InlineData(1, "\ufeff{\"format\":\"jifu evidence v1\"}")]
    [InlineData(1, "{\"format\":\"jifu evidence v1\"}")]
    [InlineData(1, "{\"format\":\"jifu evidence v1\",\"files\":[null]}")]
    [InlineData(1, "{\"format\":\"jifu evidence v1\",\"events\":\"many\"}")]
    [InlineData(2, "{\"format\":\"jifu evidence v2\"}")]
    public async Task A_broken_list_of_contents_is_not_good_and_names_no_type_of_ours(int code, string manifest)
    {
        var opened = new OpenedArchive(await Log.Stream("payment-p2"));
        var spoilt = opened.With("manifest.json", Encoding.UTF8.GetBytes(manifest));
        (await Said(spoilt)).Code.ShouldBe(code);
        _node.Ours(spoilt, "key.pem").Told.ShouldNotContain("System.");
        _node.Ours(spoilt, "key.pem").Told.ShouldNotContain("Jifu.Ledger");
        (await _node.Run(spoilt, "key.pem")).Told.ShouldNotContain("properties");
        (await Said(opened.With("manifest.json", [.. "{\"format\":\""u8, 0xff, .. "\"}"u8]))).Code.ShouldBe(1);
    }

    // Signed by the ledger's own key, as a later version might write it.
    [Theory]
    [InlineData(0, "\"format\"", "\"format\"")]
    [InlineData(1, "\"format\"", "\"more\": 1, \"format\"")]
    [InlineData(1, "\"kind\"", "\"more\": 1, \"kind\"")]
    [InlineData(1, "\"sha256\"", "\"more\": 1, \"sha256\"")]
    public async Task A_member_that_a_list_of_contents_does_not_have_is_not_good_whoever_signed_it(
        int code, string name, string with)
    {
        var opened = new OpenedArchive(await Log.Stream("payment-p2"));
        var manifest = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(opened.Files["manifest.json"]).Replace(name, with, StringComparison.Ordinal));
        var signature = Encoding.UTF8.GetBytes(
            $"key: {WrittenLog.Key.Public.Id}\nalgorithm: {WrittenLog.Key.Public.Algorithm}\n"
            + $"signature: {Convert.ToBase64String(WrittenLog.Key.Sign(manifest))}\n");
        var signed = new OpenedArchive(opened.With("manifest.json", manifest)).With("manifest.sig", signature);
        (await Said(signed)).Code.ShouldBe(code);
    }

    [Fact]
    public async Task A_key_that_neither_can_use_is_wrong_use()
    {
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (archive, good) = (await Log.Stream("payment-p2"), WrittenLog.Key.Public.Pem);
        foreach (var (code, text) in new[]
        {
            (0, $"\ufeffof the ledger\r\n{good.Replace("\n", "\r\n", StringComparison.Ordinal)}"), (2, ""),
            (2, small.ExportSubjectPublicKeyInfoPem()), (2, curve.ExportSubjectPublicKeyInfoPem()),
            (2, WrittenLog.Key.Pem), (2, good + WrittenLog.Key.Pem),
        })
        {
            await File.WriteAllTextAsync(_node.In("keys.pem"), text);
            (await Said(archive, keys: "keys.pem")).Code.ShouldBe(code, text);
        }
    }

    private Task<(int Code, string At)> Said(byte[] archive, string? checkpoints = null, string keys = "key.pem") =>
        _node.Agreed(archive, keys, checkpoints);

    // The end record's note of where the directory begins, and nothing else, follows what was put in.
    private static byte[] Moved(byte[] archive, int start)
    {
        BinaryPrimitives.WriteInt32LittleEndian(archive.AsSpan(archive.Length - 6), start);
        return archive;
    }

    private static byte[] Packed(string name, string content)
    {
        using var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var file = zip.CreateEntry(name).Open();
            file.Write(Encoding.UTF8.GetBytes(content));
        }

        return bytes.ToArray();
    }
}
