using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Reconciliation.Differences;

/// <summary>A difference (差异), by what it is about: the same finding always has the same id.</summary>
public readonly record struct DifferenceId(string Value)
{
    public static DifferenceId Of(Channel channel, BusinessDay day, string @class, string key, string field)
    {
        ArgumentNullException.ThrowIfNull(key);
        var text = FormattableString.Invariant($"{channel.Name()}\n{day}\n{@class}\n{key.Length}:{key}\n{field}");
        return new("d" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 10)));
    }

    public override string ToString() => Value;
}

/// <summary>What reconciliation found: <see cref="ReconciliationEvent.DifferenceFound"/> and where it stands.</summary>
/// <param name="Day">The day of the bill.</param>
/// <param name="Excess">What the channel owes us beyond our books; that much is in suspense for it.</param>
/// <param name="Position">Of the finding in the log: a later one means that it was found again.</param>
/// <param name="Line">What else its lines say, for rules; null when that is not known.</param>
/// <param name="OurAmount">The amount that <paramref name="Ours"/> tells people; null when it tells none, or was not
/// noted.</param>
/// <param name="Ordered">What the bill says was ordered, where it settles less; otherwise null.</param>
public sealed record Finding(
    Channel Channel, BusinessDay Day, string Class, string Key, string Field, string Theirs, string Ours,
    Money Excess, long Position, LineFacts? Line = null, Money? OurAmount = null, Money? Ordered = null)
{
    public DifferenceId Id => DifferenceId.Of(Channel, Day, Class, Key, Field);

    /// <summary>True when a bill that took another's place finds the same: then what people have done about it
    /// stands.</summary>
    public bool SaysThatOf(Finding other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Theirs, Ours, Excess) == (other.Theirs, other.Ours, other.Excess);
    }

    /// <summary>What our side says, in minor units; zero when it says no amount.</summary>
    internal long OursMinor => OurAmount?.MinorUnits ?? Told(Ours);

    /// <summary>For people: <c>2026-11-20 only_at_channel payment:p17 CNY 2.99</c>.</summary>
    public override string ToString() => $"{Day} {Class} {Key} {Excess}";

    // Events of before the amount was noted have it in their text alone, and they are never rewritten: CNY 1234.50.
    private static long Told(string text)
    {
        ReadOnlySpan<char> rest = text;
        if (rest.Length < 5 || rest[3] != ' ' || !Enum.TryParse<Currency>(rest[..3], out var currency)
            || !decimal.TryParse(rest[4..], NumberStyles.Number, CultureInfo.InvariantCulture, out var amount))
            return 0;
        return (long)(currency is Currency.JPY ? amount : amount * 100);
    }
}

/// <summary>A part of what a difference gives up from suspense, and the account that takes it.</summary>
/// <param name="To">Its credit grows by a positive amount.</param>
public readonly record struct SuspenseShare(Journal.Account To, Money Amount)
{
    public override string ToString() => $"{Amount} to {To}";
}
