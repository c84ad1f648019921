using System.Globalization;
using Jifu.Ledger.Operations.Finance;
using Jifu.Ledger.Operations.Reconciliation.Files;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Reconciliation.Differences;

/// <summary>What a row of somebody's table shows of its difference. It decided on that, so it must be what the ledger
/// has: columns are sorted apart from their numbers, and cells are typed over.</summary>
/// <remarks>What a program for tables may have written otherwise is not held against it: an empty cell says nothing,
/// amounts are compared as amounts, and what else the two sides say only where no digit could have been
/// rounded.</remarks>
internal static class ShownFields
{
    private const string Left = "left";

    public static readonly (string Name, string Heading)[] Columns =
    [
        ("day", "账单日"), ("channel", "渠道"), ("class", "分类代码"), ("class_name", "分类"), ("key", "业务键"),
        ("field", "字段"), ("theirs", "渠道方"),
        ("ours", "我方"), ("currency", "币种"), (Left, "差额"), ("theirs_amount", "渠道金额"),
        ("ours_amount", "我方金额"), ("theirs_minor", "theirs_minor"), ("ours_minor", "ours_minor"),
    ];

    /// <summary>The cells that tell something else than the ledger, with what is expected there.</summary>
    public static IEnumerable<(string Field, string Expected)> Wrong(FilledRow filled, DifferenceLifeRow row)
    {
        foreach (var (name, told) in filled.Shown.Where(one => one.Value.Length > 0))
        {
            if (IsOlder(filled.Seen, row, name))
                continue;
            var known = Known(row, name);
            if (!IsSame(name, told, known, row.Currency))
                yield return (name, $"{(known.Length > 0 ? known : "an empty cell")} is expected, not {told}");
        }
    }

    // What is left changes with each version, and amounts with each bill: of older ones that itself is told.
    private static bool IsOlder(DifferenceSeen seen, DifferenceLifeRow row, string name) => name switch
    {
        Left => seen.Version != row.Version || (seen.Found is { } found && found != row.FoundPosition),
        _ => IsOfSides(name) && seen.Found is { } found && found != row.FoundPosition,
    };

    private static bool IsOfSides(string name) =>
        name.StartsWith("theirs", StringComparison.Ordinal) || name.StartsWith("ours", StringComparison.Ordinal);

    private static string Known(DifferenceLifeRow row, string name) => name switch
    {
        "day" => $"{row.Day}",
        "channel" => row.Channel,
        "class" => row.Class,
        "class_name" => Terms.Difference(row.Class),
        "key" => row.Key,
        "field" => row.Field,
        "theirs" => row.Theirs,
        "ours" => row.Ours,
        "currency" => row.Currency,
        "theirs_amount" or "theirs_minor" => Number(row, row.Theirs, name),
        "ours_amount" or "ours_minor" => Number(row, row.Ours, name),
        Left => $"{row.Open.Left}"[(row.Currency.Length + 1)..],
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such field is shown."),
    };

    // As the two columns of numbers have it: empty where it is no amount.
    private static string Number(DifferenceLifeRow row, string text, string name) =>
        MoneyText.MinorOf(text, row.Currency) is not { } minor ? ""
            : name.EndsWith("_minor", StringComparison.Ordinal) ? minor.ToString(CultureInfo.InvariantCulture)
            : $"{row.Minor(minor)}"[(row.Currency.Length + 1)..];

    private static bool IsSame(string name, string told, string known, string currency)
    {
        if (told == known.Trim().TrimStart('\''))
            return true;
        if (name == "day")
            return RemedyForm.TryDay(told, out var day) && $"{day}" == known;
        if (name.EndsWith("_minor", StringComparison.Ordinal))
            return told.Replace(",", "", StringComparison.Ordinal) == known;
        if (name is Left or "theirs_amount" or "ours_amount"
            || known.StartsWith($"{currency} ", StringComparison.Ordinal))
            return Amount(told, currency) is { } shown && shown == Amount(known, currency);
        return name is "theirs" or "ours" && known.Any(char.IsDigit);
    }

    private static long? Amount(string text, string currency) =>
        MoneyText.MinorOf(text, currency) ?? MoneyText.Minor(text, currency);
}
