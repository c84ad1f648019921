using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

public sealed class FastSha256Tests
{
    // FIPS 180-4's own examples, and the million letters a.
    [Theory]
    [InlineData("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    [InlineData("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")]
    public void Published_texts_have_their_published_hashes(string text, int times, string hash)
    {
        var bytes = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(text, times)));
        var hashed = new byte[32];
        FastSha256.Hash(bytes, hashed);
        Convert.ToHexStringLower(hashed).ShouldBe(hash);
    }

    [Fact]
    public void Every_length_around_a_block_hashes_as_the_library_has_it()
    {
        var bytes = new byte[300];
        new Random(7).NextBytes(bytes);
        var hash = new byte[32];
        for (var length = 0; length <= bytes.Length; length++)
        {
            FastSha256.Hash(bytes.AsSpan(0, length), hash);
            hash.ShouldBe(SHA256.HashData(bytes.AsSpan(0, length)), $"{length} bytes");
        }
    }

    [Fact]
    public void The_hash_may_be_written_over_what_is_hashed()
    {
        var bytes = Enumerable.Range(0, 100).Select(i => (byte)i).ToArray();
        var expected = SHA256.HashData(bytes);
        FastSha256.Hash(bytes, bytes.AsSpan(20, 32));
        bytes[20..52].ShouldBe(expected);
    }

    [Fact]
    public void No_room_for_a_hash_is_refused() =>
        Should.Throw<ArgumentException>(() => FastSha256.Hash("abc"u8, new byte[31]));
}
