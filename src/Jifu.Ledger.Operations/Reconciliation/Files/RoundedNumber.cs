using System.Text.RegularExpressions;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Numbers of orders as Excel leaves them when it takes them for amounts: it keeps 15 digits, and what it
/// saves says nothing of the others.</summary>
internal static partial class RoundedNumber
{
    public const string Advice = "Excel has rounded it, and the digits are lost: export anew and compare that file as "
        + "it is, or open it in Excel by 数据 > 自文本 with this column as text (文本)";

    private const int DigitsKept = 15;

    /// <summary>Whether it is written as <c>4.20000E+27</c>, which is no order's number.</summary>
    public static bool IsScientific(string number) =>
        number.Contains('E', StringComparison.OrdinalIgnoreCase) && Scientific.IsMatch(number);

    /// <summary>The first of some numbers that Excel has rounded; null when there is no sign of that. One number may
    /// happen to end in zeros.</summary>
    public static string? FirstOf(IReadOnlyList<string> numbers)
    {
        if (numbers.FirstOrDefault(IsScientific) is { } scientific)
            return scientific;
        var longer = numbers.Where(number => number.Length > DigitsKept && number.All(char.IsAsciiDigit)).ToList();
        var rounded = longer.Where(number => !number.AsSpan(DigitsKept).ContainsAnyExcept('0')).ToList();
        return rounded.Count * 2 > longer.Count && rounded.Sum(number => number.Length - DigitsKept) >= 3
            ? rounded[0] : null;
    }

    [GeneratedRegex(@"^\d(\.\d+)?E\+\d{2,3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scientific { get; }
}
