using System.Globalization;

namespace Jifu.Ledger;

/// <summary>An exact amount of one currency, counted in its minor unit: 100 is one yuan, or one hundred yen.</summary>
/// <remarks>Mixing currencies, or overflowing, is a bug in the caller and throws.
/// The default is zero of no currency, which mixes with nothing.</remarks>
public readonly record struct Money(long MinorUnits, Currency Currency)
{
    /// <summary>The largest amount an API accepts: 2^53 - 1 minor units, which every JSON reader keeps exact.</summary>
    public const long LargestMinorUnits = (1L << 53) - 1;

    public bool IsPositive => MinorUnits > 0;
    public bool IsZero => MinorUnits == 0;

    // By hand, as of days.
    public bool Equals(Money other) => MinorUnits == other.MinorUnits && Currency == other.Currency;

    public override int GetHashCode() => HashCode.Combine(MinorUnits, (int)Currency);

    public static Money Zero(Currency currency) => new(0, currency);

    public static Money operator +(Money left, Money right) =>
        new(checked(left.MinorUnits + right.MinorUnits), Common(left, right));

    public static Money operator -(Money left, Money right) =>
        new(checked(left.MinorUnits - right.MinorUnits), Common(left, right));

    public static Money operator -(Money amount) => new(checked(-amount.MinorUnits), amount.Currency);

    public static bool operator >(Money left, Money right) => (left - right).IsPositive;
    public static bool operator <(Money left, Money right) => right > left;

    /// <summary>This amount times numerator / denominator, rounded half to even:
    /// exact thirds of a fen do not exist.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The denominator is not positive.</exception>
    public Money RoundedHalfEven(long numerator, long denominator)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(denominator);
        // Nearly every product fits into 64 bits; wider division takes many times as long.
        var upper = Math.BigMul(MinorUnits, numerator, out var product);
        return this with
        {
            MinorUnits = upper == product >> 63
                ? Divided(product, denominator)
                : DividedWide(MinorUnits, numerator, denominator),
        };
    }

    private static long Divided(long product, long denominator)
    {
        var (quotient, remainder) = Math.DivRem(product, denominator);
        var rest = Math.Abs(remainder);
        var beyondHalf = rest.CompareTo(denominator - rest);
        return beyondHalf > 0 || (beyondHalf == 0 && quotient % 2 != 0) ? quotient + Math.Sign(product) : quotient;
    }

    private static long DividedWide(long units, long numerator, long denominator)
    {
        var product = (Int128)units * numerator;
        var (quotient, remainder) = Int128.DivRem(product, denominator);
        var twice = Int128.Abs(remainder) * 2;
        if (twice > denominator || (twice == denominator && !Int128.IsEvenInteger(quotient)))
            quotient += Int128.Sign(product);
        return checked((long)quotient);
    }

    /// <summary>For people, never for parsing: <c>CNY 100.00</c>, <c>JPY 100</c>.</summary>
    /// <remarks>Two of them are made for each difference of thousands: decimals and names of enums take ten times as
    /// long.</remarks>
    public override string ToString()
    {
        var code = Currency is Currency.CNY ? "CNY" : Currency.ToString();
        var sign = MinorUnits < 0 ? "-" : "";
        var units = unchecked((ulong)(MinorUnits < 0 ? -MinorUnits : MinorUnits));
        return Currency is Currency.JPY
            ? string.Create(CultureInfo.InvariantCulture, $"{code} {sign}{units}")
            : string.Create(CultureInfo.InvariantCulture, $"{code} {sign}{units / 100}.{units % 100:D2}");
    }

    private static Currency Common(Money left, Money right) => left.Currency == right.Currency
        ? left.Currency
        : throw new InvalidOperationException($"{left} and {right} do not mix.");
}
