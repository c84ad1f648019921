namespace Jifu.Ledger.EventLog.Tests;

/// <summary>Ids of version 7, as RFC 9562 has them.</summary>
public sealed class IdSourceTests
{
    private const int Ids = 1_000;

    [Fact]
    public void An_id_carries_its_millisecond_version_and_variant()
    {
        var at = new DateTimeOffset(2026, 11, 21, 12, 0, 0, 123, TimeSpan.FromHours(8));
        var ids = IdSource.TimeOrdered(new Clock(at));

        foreach (var id in Enumerable.Range(0, Ids).Select(_ => ids.Next()))
        {
            id.Version.ShouldBe(7);
            (id.Variant & 0xC).ShouldBe(0x8);
            var bytes = id.ToByteArray(bigEndian: true);
            Convert.ToHexStringLower(bytes.AsSpan(0, 6)).ShouldBe(at.ToUnixTimeMilliseconds().ToString("x12"));
        }
    }

    [Fact]
    public async Task No_two_ids_of_one_millisecond_are_the_same_on_any_thread()
    {
        var ids = IdSource.TimeOrdered(new Clock(DateTimeOffset.UnixEpoch));

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            () => Enumerable.Range(0, Ids).Select(_ => ids.Next()).ToList())));

        made.SelectMany(one => one).Distinct().Count().ShouldBe(8 * Ids);
    }

    [Fact]
    public void Every_bit_that_is_not_given_is_random()
    {
        var ids = IdSource.TimeOrdered(new Clock(DateTimeOffset.UnixEpoch));
        var (ever, always) = (new byte[16], Enumerable.Repeat((byte)0xFF, 16).ToArray());

        for (var n = 0; n < Ids; n++)
        {
            var bytes = ids.Next().ToByteArray(bigEndian: true);
            for (var i = 0; i < 16; i++)
                (ever[i], always[i]) = ((byte)(ever[i] | bytes[i]), (byte)(always[i] & bytes[i]));
        }

        Convert.ToHexString(ever).ShouldBe("0000000000007FFFBFFFFFFFFFFFFFFF");
        Convert.ToHexString(always).ShouldBe("00000000000070008000000000000000");
    }

    private sealed class Clock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
