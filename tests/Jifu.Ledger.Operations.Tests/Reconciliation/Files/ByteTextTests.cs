using System.Text;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Amounts that are read two at a time are what they are one at a time.</summary>
public class ByteTextTests
{
    private const int Before = 16;

    private readonly Random random = new(20_261_122);

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Two_amounts_are_read_as_each_of_them(int decimals)
    {
        var good = 0;
        for (var i = 0; i < 50_000; i++)
        {
            var (first, second) = (Amount(2), Amount(decimals));
            // Whatever stands around them.
            var text = Encoding.Latin1.GetBytes($"{"9.,12345678.90,9"}{first},`{second},99.999");
            var one = new ByteCell(ref text[Before], first.Length);
            var other = new ByteCell(ref text[Before + first.Length + 2], second.Length);
            var isOne = ByteText.TryReadShort(ref one.End, one.Length, 2, out var oneExpected);
            var isOther = ByteText.TryReadShort(ref other.End, other.Length, decimals, out var otherExpected);

            var isRead = ByteText.TryReadShort(one, other, decimals, out var fen, out var units);

            isRead.ShouldBe(isOne && isOther, $"{first} {second}");
            if (!isRead)
                continue;
            (fen, units).ShouldBe((oneExpected, otherExpected), $"{first} {second}");
            good++;
        }

        good.ShouldBeGreaterThan(5_000);
    }

    // Most are amounts; some have a byte too many, too few, or another.
    private string Amount(int decimals)
    {
        var text = new StringBuilder($"{random.Next(100)}.");
        for (var i = 0; i < decimals; i++)
            text.Append((char)('0' + random.Next(10)));
        if (random.Next(3) == 0)
            text[random.Next(text.Length)] = (char)random.Next(1, 256);
        if (random.Next(4) == 0)
            text.Remove(random.Next(text.Length), 1);
        if (random.Next(4) == 0)
            text.Insert(random.Next(text.Length + 1), ",.-5/:"[random.Next(6)]);
        return text.ToString();
    }
}
