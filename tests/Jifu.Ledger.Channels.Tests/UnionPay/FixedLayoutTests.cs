using Jifu.Ledger.Channels.UnionPay;

namespace Jifu.Ledger.Channels.Tests.UnionPay;

/// <summary>The channel publishes where each field begins, too.</summary>
public class FixedLayoutTests
{
    [Fact]
    public void Transactions_stand_where_the_channel_says()
    {
        int[] published =
        [
            0, 4, 16, 28, 35, 46, 66, 79, 84, 87, 109, 112, 145, 148, 155, 166, 180, 194, 199, 215, 218, 221, 228, 231,
            236, 269, 271, 293, 309, 311, 327, 360, 374, 388, 397, 430, 444, 458, 471, 474, 476,
        ];
        Enumerable.Range(1, 41).Select(FixedLayout.Zm.Offset).ShouldBe(published);
        FixedLayout.Zm.Bytes.ShouldBe(607);

        // The newer form divides the last field into two: 32 bytes, a space, 98 bytes.
        (FixedLayout.Zm.Width(41), FixedLayout.Zm.Offset(41) + 32 + 1).ShouldBe((32 + 1 + 98, 509));
        (FixedLayout.ClearedOffset, FixedLayout.ClearedWidth).ShouldBe((509, 13));
    }

    [Fact]
    public void Corrections_stand_where_the_channel_says()
    {
        int[] published =
        [
            0, 4, 16, 28, 35, 46, 66, 79, 84, 87, 90, 97, 108, 113, 126, 140, 154, 170, 186, 188, 201, 204,
        ];
        Enumerable.Range(1, 22).Select(FixedLayout.Zme.Offset).ShouldBe(published);
        FixedLayout.Zme.Bytes.ShouldBe(339);
    }
}
