using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.Bills.Containers;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>What is read by a short way says what the long way says.</summary>
public class PlainFormTests
{
    [Fact]
    public void A_time_is_what_the_runtime_reads_in_it()
    {
        var times =
            from text in Gen.Elements(
                "2026-11-20 08:00:00", "2024-02-29 23:59:59", "2026-02-31 00:00:00", "2026-01-28 24:00:00",
                "0000-01-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59", "2026-13-01 00:60:00")
            from at in Gen.Choose(0, 18)
            from to in Gen.Elements("0123456789-: T９".ToCharArray())
            from length in Gen.Frequency((8, Gen.Constant(19)), (1, Gen.Choose(0, 19)))
            select (text[..at] + to + text[(at + 1)..])[..length];
        Prop.ForAll(Arb.From(times), text =>
        {
            var isTime = DateTime.TryParseExact(
                text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out var expected);
            BillTime.TryRead(text, out var time).ShouldBe(isTime);
            time.ShouldBe(expected);
        }).Check(Repeatable.Config.WithMaxTest(2_000));
    }

    [Fact]
    public void A_sum_over_bytes_is_the_one_that_archives_say()
    {
        var sum = new Crc32();
        sum.Add("123456789"u8);
        sum.Value.ShouldBe(0xCBF4_3926);

        var bytes = new byte[1_000];
        new System.Random(1).NextBytes(bytes);
        for (var cut = 0; cut < 20; cut++)
        {
            var (whole, parts) = (new Crc32(), new Crc32());
            whole.Add(bytes.AsSpan(cut));
            foreach (var each in bytes.AsSpan(cut))
                parts.Add([each]);
            whole.Value.ShouldBe(parts.Value);
        }
    }

    [Fact]
    public void A_zero_byte_is_no_character_of_GBK_wherever_it_stands()
    {
        var characters = new char[64];
        GbkTable.TryDecode([.. "abc"u8, 0, (byte)'d'], characters, out var written).ShouldBeFalse();
        written.ShouldBe(3);
        GbkTable.TryDecode([.. "a"u8, 0xBF, 0xA7, 0], characters, out written).ShouldBeFalse();
        written.ShouldBe(2);
        GbkTable.TryDecode([.. "a"u8, 0xBF, 0xA7, (byte)'b'], characters, out written).ShouldBeTrue();
        new string(characters, 0, written).ShouldBe("a咖b");
    }

    [Fact]
    public void A_character_that_no_bill_holds_is_found_wherever_it_stands()
    {
        for (var value = 0; value <= char.MaxValue; value++)
        {
            var isText = value is '\t' or (>= ' ' and not ('\u007F' or '\uFEFF' or '\uFFFD'));
            // In the part that is looked at many at a time, and behind it.
            foreach (var length in (ReadOnlySpan<int>)[1, 33])
            {
                foreach (var at in (ReadOnlySpan<int>)[0, length / 2, length - 1])
                    BillText.IsText(new string('微', at) + (char)value + new string('信', length - at - 1))
                        .ShouldBe(isText);
            }
        }
    }
}
