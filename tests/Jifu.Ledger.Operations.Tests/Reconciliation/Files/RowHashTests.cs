using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>What a row says is in its hash, every byte of it, however long its texts are.</summary>
public class RowHashTests
{
    private readonly RowHash hash = new(new(true, true, true), new Random(20_261_122).NextBytes);

    [Fact]
    public void Every_byte_of_a_text_counts_and_so_does_its_length()
    {
        var (numbers, references, merchants) = (new HashSet<ulong>(), new HashSet<ulong>(), new HashSet<ulong>());
        for (var length = 1; length <= 300; length++)
        {
            // Words, pairs of them and blocks of a text end at different places.
            for (var at = 0; at < length; at += length < 40 ? 1 : 13)
            {
                var text = new string('0', at) + '1' + new string('0', length - at - 1);
                var one = hash.Of(Row() with { Number = text });
                numbers.Add(one.Key).ShouldBeTrue(text);
                numbers.Add(one.Value).ShouldBeTrue(text);
                references.Add(hash.Of(Row() with { ChannelReference = text }).Value).ShouldBeTrue(text);
                merchants.Add(hash.Of(Row() with { Merchant = text }).Value).ShouldBeTrue(text);
            }
        }

        references.Overlaps(merchants).ShouldBeFalse();
    }

    [Fact]
    public void Kind_amount_fee_and_state_count()
    {
        BillLine[] rows =
        [
            Row(), Row() with { Kind = BillLineKind.Refund }, Row() with { Kind = BillLineKind.Revoke },
            Row() with { Amount = Cny(2) }, Row() with { Amount = Cny(0) }, Row() with { Fee = Cny(2) },
            Row() with { Fee = Cny(-1) }, Row() with { Status = "processing" },
            Row() with { Amount = Cny(Money.LargestMinorUnits), Fee = Cny(-Money.LargestMinorUnits) },
        ];
        rows.Select(row => hash.Of(row).Value).Distinct().Count().ShouldBe(rows.Length);
        rows.Select(row => hash.Of(row).Key).Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public void Where_one_text_ends_and_the_next_begins_counts()
    {
        var values = new HashSet<ulong>();
        for (var length = 0; length <= 320; length += 8)
        {
            // All texts together are the same.
            var all = string.Concat(Enumerable.Repeat("0<<\0@@``", 40));
            var row = Row() with { Number = "1", ChannelReference = all[..length], Merchant = all[length..] };
            values.Add(hash.Of(row).Value).ShouldBeTrue($"{length}");
            hash.Of(row).Key.ShouldBe(hash.Of(Row() with { Number = "1" }).Key);
        }
    }

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Only_what_is_compared_counts(bool fee, bool reference, bool merchant)
    {
        var some = new RowHash(new(fee, reference, merchant), new Random(1).NextBytes);
        var usual = some.Of(Row());
        (some.Of(Row() with { Fee = Cny(7) }) == usual).ShouldBe(!fee);
        foreach (var text in new[] { "", "other", new string('x', 200) })
        {
            (some.Of(Row() with { ChannelReference = text }) == usual).ShouldBe(!reference, text);
            (some.Of(Row() with { Merchant = text }) == usual).ShouldBe(!merchant, text);
        }
    }

    [Fact]
    public void Rows_of_two_numbers_would_have_to_collide_twice()
    {
        // Without secrets for the key two words may change their places unseen.
        var fixedKey = new RowHash(new(true, true, true), bytes =>
        {
            new Random(1).NextBytes(bytes);
            for (var at = 0; at < bytes.Length; at += 32)
                bytes.Slice(at, 16).Clear();
        });
        var (one, other) = (
            fixedKey.Of(Row() with { Number = "aaaaaaaabbbbbbbb" }),
            fixedKey.Of(Row() with { Number = "bbbbbbbbaaaaaaaa" }));
        one.Key.ShouldBe(other.Key);
        one.Value.ShouldNotBe(other.Value);
    }

    private static Money Cny(long fen) => new(fen, Currency.CNY);

    private static BillLine Row() => new(
        BillLineKind.Payment, "p1", "r1", Cny(1), Cny(1), null,
        new(2026, 11, 20, 12, 0, 0, BusinessDay.Offset), 2, "m1");
}
