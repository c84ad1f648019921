using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.EventLog.Tests.Evidence;

/// <summary>Links computed elsewhere: by Node.js, over fields put together by hand.</summary>
public class EventLinkTests
{
    // field = b => b === null ? u32(0xffffffff) : Buffer.concat([u32(b.length), b])
    // link = (before, ...fields) => sha256(Buffer.concat([utf8('jifu.event.v1'), before, ...fields].map(field)))
    // first = link(Buffer.alloc(32), u64(0), utf8('payment-p1'), u64(0), hex('00112233445566778899aabbccddeeff'),
    //   utf8('payment.created'), u64(1795257296123456n), utf8('key-1'), utf8('corr-1'), null, utf8('{"a":1}'))
    // second = link(first, u64(1), utf8('merchant-商户'), u64(7), hex('0190b3a27c1e7abc8def0123456789ab'),
    //   utf8('merchant.renamed'), u64(1795257297000000n), utf8(''), utf8('corr-2'), utf8(''), utf8(''))
    private const string First = "d25689b0c73ff29fc47891d2c32edb71ce0798a22950ab54aecc7f1555677129";
    private const string Second = "1b2521811a7bbbdef8a806e5a9a58613875d0556f6f4106ba2f08baf97c02f32";

    private static readonly DateTimeOffset At = new DateTimeOffset(2026, 11, 21, 10, 34, 56, TimeSpan.Zero)
        .AddMicroseconds(123_456.9);

    [Fact]
    public void Links_are_these()
    {
        var link = new EventLink();
        ExtendWithFirst(link);
        Convert.ToHexStringLower(link.Current).ShouldBe(First);
        link.Extend(new RecordedEvent(
            1, new("merchant", "商户"), 7, Guid.Parse("0190b3a2-7c1e-7abc-8def-0123456789ab"), "merchant.renamed",
            default, new("", "corr-2", ""), At.AddMicroseconds(876_544)));
        Convert.ToHexStringLower(link.Current).ShouldBe(Second);
    }

    [Fact]
    public void The_fields_as_they_were_hashed_give_the_same_link()
    {
        var link = new EventLink();
        ExtendWithFirst(link);
        var fields = link.Fields.ToArray();
        link.Reset(new byte[EventLink.Size]);
        link.Extend(fields);
        Convert.ToHexStringLower(link.Current).ShouldBe(First);
    }

    [Fact]
    public void A_payload_larger_than_the_buffer_is_hashed_whole()
    {
        var (one, other) = (new EventLink(), new EventLink());
        var payload = Enumerable.Range(0, 1_000_000).Select(i => (byte)(i % 251)).ToArray();
        Extend(one, payload);
        Extend(other, payload);
        one.Current.SequenceEqual(other.Current).ShouldBeTrue();
        payload[^1] ^= 1;
        other.Reset(new byte[EventLink.Size]);
        Extend(other, payload);
        one.Current.SequenceEqual(other.Current).ShouldBeFalse();
    }

    [Fact]
    public void Extending_allocates_nothing()
    {
        var link = new EventLink();
        ExtendWithFirst(link);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ExtendWithFirst(link);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static void Extend(EventLink link, byte[] payload) =>
        link.Extend(3, "payment-p", 1, default, "payment.closed", At, "a", "c", null, payload);

    private static void ExtendWithFirst(EventLink link) => link.Extend(
        0, "payment-p1", 0, new(0x00112233, 0x4455, 0x6677, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff),
        "payment.created", At, "key-1", "corr-1", null, "{\"a\":1}"u8);
}
