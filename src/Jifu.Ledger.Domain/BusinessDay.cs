using System.Globalization;

namespace Jifu.Ledger;

/// <summary>A calendar day in Asia/Shanghai (账务日): the day on which something counts,
/// not the moment we wrote it down.</summary>
/// <remarks>China has kept UTC+8 without summer time since 1991, so the offset is a constant and needs no zone
/// table.</remarks>
public readonly record struct BusinessDay(DateOnly Date) : IComparable<BusinessDay>
{
    public static readonly TimeSpan Offset = TimeSpan.FromHours(8);

    /// <summary>The day an instant falls on, by Beijing time.</summary>
    public static BusinessDay Of(DateTimeOffset instant) =>
        new(DateOnly.FromDateTime(instant.ToOffset(Offset).DateTime));

    /// <summary>Reads <c>yyyy-MM-dd</c> and nothing else; false for anything that is not such a day.</summary>
    public static bool TryParse(string? text, out BusinessDay day)
    {
        var valid = DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = new(date);
        return valid;
    }

    /// <summary>The first instant of the day.</summary>
    public DateTimeOffset Start => new(Date.ToDateTime(TimeOnly.MinValue), Offset);

    public BusinessDay Next => new(Date.AddDays(1));
    public BusinessDay Previous => new(Date.AddDays(-1));

    // By hand, here and in amounts: asking how to compare a type of the runtime takes it milliseconds, once a run.
    public bool Equals(BusinessDay other) => Date == other.Date;

    public override int GetHashCode() => Date.GetHashCode();

    public int CompareTo(BusinessDay other) => Date.CompareTo(other.Date);
    public static bool operator <(BusinessDay left, BusinessDay right) => left.CompareTo(right) < 0;
    public static bool operator >(BusinessDay left, BusinessDay right) => left.CompareTo(right) > 0;
    public static bool operator <=(BusinessDay left, BusinessDay right) => left.CompareTo(right) <= 0;
    public static bool operator >=(BusinessDay left, BusinessDay right) => left.CompareTo(right) >= 0;

    /// <summary>As <c>yyyy-MM-dd</c>.</summary>
    public override string ToString() => Date.ToString("O", CultureInfo.InvariantCulture);
}
