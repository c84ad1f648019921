using System.Numerics;
using FsCheck.Fluent;

namespace Jifu.Ledger.Domain.Tests;

using static Given;

/// <summary>Amounts are exact, and what is rounded is rounded as is said.</summary>
public class MoneyTests
{
    [Fact]
    public void Rounding_half_to_even_agrees_with_unbounded_integers() => Holds.ForAll(
        from amount in Holds.AnyLong
        from numerator in Holds.AnyLong
        from denominator in Holds.AnyLong
        from tie in Gen.Choose(0, 3)
        where denominator != long.MinValue
        // Ties are rare among large denominators and are what this is about.
        select (amount, numerator, denominator: tie > 0 ? tie * 2 : Math.Max(1, Math.Abs(denominator))),
        it =>
        {
            var expected = Reference((BigInteger)it.amount * it.numerator, it.denominator);
            if (expected < long.MinValue || expected > long.MaxValue)
                Should.Throw<OverflowException>(() => Cny(it.amount).RoundedHalfEven(it.numerator, it.denominator));
            else
                Cny(it.amount).RoundedHalfEven(it.numerator, it.denominator).ShouldBe(Cny((long)expected));
        });

    [Fact]
    public void Rounding_half_to_even_agrees_with_decimals() => Holds.ForAll(
        from amount in Gen.Choose(-2_000_000, 2_000_000)
        from partsPerMillion in Gen.OneOf(
            Gen.Choose(0, 1_000_000), Gen.Choose(0, 2_000).Select(thousandths => thousandths * 500))
        select (amount, partsPerMillion),
        it => Cny(it.amount).RoundedHalfEven(it.partsPerMillion, 1_000_000).MinorUnits.ShouldBe(
            (long)Math.Round(it.amount * (decimal)it.partsPerMillion / 1_000_000m, MidpointRounding.ToEven)));

    [Theory]
    [InlineData(5, 0)]
    [InlineData(15, 2)]
    [InlineData(25, 2)]
    [InlineData(26, 3)]
    [InlineData(-5, 0)]
    [InlineData(-15, -2)]
    [InlineData(-25, -2)]
    [InlineData(-26, -3)]
    public void A_half_goes_to_the_even_neighbour(long tenths, long rounded) =>
        Cny(tenths).RoundedHalfEven(1, 10).ShouldBe(Cny(rounded));

    [Fact]
    public void Currencies_do_not_mix_and_nothing_overflows_unseen()
    {
        Should.Throw<InvalidOperationException>(() => Cny(1) + new Money(1, Currency.USD));
        Should.Throw<InvalidOperationException>(() => Cny(1) > new Money(1, Currency.USD));
        Should.Throw<OverflowException>(() => Cny(long.MaxValue) + Cny(1));
        Should.Throw<OverflowException>(() => -Cny(long.MinValue));
        Should.Throw<ArgumentOutOfRangeException>(() => Cny(1).RoundedHalfEven(1, 0));
    }

    [Fact]
    public void An_amount_reads_as_people_write_it()
    {
        $"{Cny(1234_05)}".ShouldBe("CNY 1234.05");
        $"{Cny(-1)}".ShouldBe("CNY -0.01");
        $"{new Money(1234, Currency.JPY)}".ShouldBe("JPY 1234");
    }

    private static BigInteger Reference(BigInteger product, BigInteger denominator)
    {
        var below = BigInteger.Divide(product, denominator);
        if (below * denominator > product)
            below--;
        var twice = (product - below * denominator) * 2;
        return twice > denominator || (twice == denominator && !below.IsEven) ? below + 1 : below;
    }
}
