using System.Text.RegularExpressions;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>Whether a statement is of yuan: another currency's amounts would be taken for them. It may be told by a
/// column, by the headings of amounts, or by a line above them.</summary>
internal sealed partial class StatementCurrency
{
    // Of a statement of several currencies each line tells its own.
    private static readonly string[] Any = ["全部", "所有", "多币种", "本外币", "All"];

    private static readonly string[] Words = ["币种", "币别", "货币", "Currency", "CCY"];
    private static readonly string[] YuanWords = ["人民币", "CNY", "RMB"];
    private static readonly string[] YuanCodes = ["元", "156", "01", "001", "1", "10"];

    private readonly int? column;

    private StatementCurrency(int? column) => this.column = column;

    /// <param name="above">The lines above the headings.</param>
    /// <exception cref="StatementRejectedException">They tell another currency, and the mapping does not say that
    /// amounts are yuan all the same.</exception>
    public static StatementCurrency Of(
        StatementMapping mapping, IReadOnlyList<StatementRow> above, StatementRow headings)
    {
        if (mapping.Currency is null)
        {
            for (var row = 0; row < above.Count; row++)
                CheckAbove(above[row], row + 1 < above.Count ? above[row + 1] : null);
            CheckHeadings(mapping, headings);
        }

        var at = headings.Cells.ToList().FindIndex(cell => Array.Exists(Words, word => Says(cell, word)));
        return new(at < 0 ? null : at);
    }

    /// <exception cref="StatementRejectedException">Its column of currencies tells another one.</exception>
    public void Check(StatementRow row)
    {
        if (column is { } at && row[at].Length > 0 && !IsYuan(row[at]))
            throw row.Reject(
                StatementRejection.StatementCurrencyOther, at,
                "yuan (CNY, 人民币); leave out what is of another currency");
    }

    // 币种:USD in one cell, or in two: beside each other, or one below the other.
    private static void CheckAbove(StatementRow row, StatementRow? below)
    {
        for (var at = 0; at < row.Cells.Count; at++)
        {
            var told = Labelled().Match(row[at]).Groups["currency"].Value;
            if (told.Length > 0 && !IsYuan(told) && !Array.Exists(Any, word => Says(told, word)))
                throw Other(row, at);
            if (!Label().IsMatch(row[at]))
                continue;
            if (Foreign().IsMatch(row[at + 1]))
                throw Other(row, at + 1);
            if (below is not null && Foreign().IsMatch(below[at]))
                throw Other(below, at);
        }
    }

    private static void CheckHeadings(StatementMapping mapping, StatementRow headings)
    {
        var amounts = new[] { mapping.Amount, mapping.In, mapping.Out, mapping.Balance };
        for (var at = 0; at < headings.Cells.Count; at++)
        {
            if (amounts.Contains(headings[at]) && Foreign().IsMatch(headings[at]))
                throw Other(headings, at);
        }
    }

    private static StatementRejectedException Other(StatementRow row, int at) => row.Reject(
        StatementRejection.StatementCurrencyOther, at,
        "yuan (CNY, 人民币); if the amounts are yuan all the same, say so in the mapping: \"currency\": \"CNY\"");

    private static bool IsYuan(string told) =>
        YuanCodes.Contains(told) || Array.Exists(YuanWords, word => Says(told, word));

    private static bool Says(string cell, string word) => cell.Contains(word, StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex("^[^:：]{0,6}(币种|币别|货币|Currency|CCY)\\s*[:：]?$", RegexOptions.IgnoreCase)]
    private static partial Regex Label();

    [GeneratedRegex("(币种|币别|货币|Currency|CCY)\\s*[:：]\\s*(?<currency>[^\\s;；,，|]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Labelled();

    [GeneratedRegex(
        "(?<![A-Z])(USD|HKD|EUR|JPY|GBP|AUD|CAD|SGD|CHF|KRW|THB|RUB|TWD|MOP|NZD|SEK|DKK|NOK|MYR|IDR|VND|PHP|INR|AED"
            + "|ZAR|BRL)(?![A-Z])|美元|港币|港元|欧元|日元|英镑|澳元|加元|新加坡元|瑞士法郎|韩元|泰铢|卢布|新台币|澳门元|新西兰元|外币|[$€£]",
        RegexOptions.IgnoreCase)]
    private static partial Regex Foreign();
}
