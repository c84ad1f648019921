using System.Globalization;
using System.Runtime.Intrinsics;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>Products without carries: those that Intel published with the instruction, and the laws of a field.
/// </summary>
public class BinaryFieldTests
{
    private readonly Random random = new(20_261_122);

    [Theory]
    [InlineData("63746f725d53475d", "5b477565726f6e5d", "1d4d84c85c3440c0", "929633d5d36f0451")]
    [InlineData("63746f725d53475d", "4869285368617929", "1bd17c8d556ab5a1", "7fa540ac2a281315")]
    [InlineData("7b5b546573745665", "5b477565726f6e5d", "1a2bf6db3a30862f", "babf262df4b7d5c9")]
    [InlineData("7b5b546573745665", "4869285368617929", "1d1e1f2c592e7c45", "d66ee03e410fd4ed")]
    public void Products_are_those_of_the_white_paper(string one, string other, string high, string low)
    {
        var expected = Vector128.Create(Word(low), Word(high));
        BinaryField.Product(Vector128.Create(Word(one), Word(other))).ShouldBe(expected);
        BinaryField.Slowly(Word(one), Word(other)).ShouldBe(expected);
    }

    [Fact]
    public void Words_are_a_field()
    {
        for (var i = 0; i < 1_000; i++)
        {
            var (a, b, c) = (Next(), Next(), Next());
            Times(Times(a, b), c).ShouldBe(Times(a, Times(b, c)));
            Times(a, b ^ c).ShouldBe(Times(a, b) ^ Times(a, c));
            Times(a, 1).ShouldBe(a);
            BinaryField.Slowly(a, b).ShouldBe(BinaryField.Product(Vector128.Create(a, b)));
        }

        Times(1UL << 63, 2).ShouldBe(0x1BUL);
        // Of what is not zero the power 2^64 - 2 is the inverse, so no product of two such is zero.
        var element = Next();
        var (power, inverse) = (element, 1UL);
        for (var bit = 1; bit < 64; bit++)
        {
            power = Times(power, power);
            inverse = Times(inverse, power);
        }

        Times(element, inverse).ShouldBe(1UL);
    }

    private static ulong Times(ulong one, ulong other) =>
        BinaryField.Reduced(BinaryField.Product(Vector128.Create(one, other)));

    private static ulong Word(string hex) => ulong.Parse(hex, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private ulong Next() => unchecked((ulong)random.NextInt64(long.MinValue, long.MaxValue));
}
