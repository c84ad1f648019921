using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>The day of a file of UnionPay, whose rows leave out the year:
/// <c>INN26112088ZM_777290058110048</c>.</summary>
internal static partial class ZmName
{
    /// <summary>The expected day, with which the name must not disagree; or else that of the name.</summary>
    public static BusinessDay DayOf(BillText file, BillExpectation expected)
    {
        var name = Name.Match(file.FileName);
        BusinessDay? named = name.Success && DateOnly.TryParseExact(
            $"20{name.Groups["day"].Value}", "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None,
            out var date)
            ? new(date)
            : null;
        if (named is not null && expected.Day is { } day && named != day)
            throw file.Reject(BillRejection.BillDayDiffers, 1, $"a file of {day}, not of {named}");
        return expected.Day ?? named ?? throw file.Reject(
            BillRejection.BillYearUnknown, 1, "a name such as INN26112088ZM_…, or to be told the day");
    }

    /// <summary>True for UnionPay's files of which nobody has told us the fields: periodic ones and those of
    /// settlement.</summary>
    public static bool IsUndocumented(string fileName) => Undocumented.IsMatch(fileName);

    public static bool IsOfCorrections(string fileName) =>
        Name.Match(fileName).Value.EndsWith("ZME_", StringComparison.Ordinal);

    [GeneratedRegex("INN(?<day>[0-9]{6})[0-9]{2}ZME?_", RegexOptions.RightToLeft)]
    private static partial Regex Name { get; }

    [GeneratedRegex("(^|/)INN[0-9]{8}PED(ERR)?_|(^|/)(PED(ERR)?_|RNM[0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Undocumented { get; }
}
