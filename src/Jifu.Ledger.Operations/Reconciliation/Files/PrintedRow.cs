using System.Text.RegularExpressions;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Rows of a table that are there for its printed pages: the headings once more, 第 1 页 共 3 页, 制表人：…. They
/// are no orders.</summary>
internal static partial class PrintedRow
{
    /// <param name="cells">Trimmed, as the headings are.</param>
    public static bool Is(List<string> cells, IReadOnlyList<string> headings) =>
        cells.SequenceEqual(headings) || IsFooter(cells);

    // What has an amount beside it is an order, whatever its number looks like.
    private static bool IsFooter(List<string> cells) =>
        cells.Find(cell => cell.Length > 0) is { } first && Footer.IsMatch(first)
        && !cells.Exists(cell => OrderAmount.TryRead(cell, AmountUnit.Yuan, exact: false, out _));

    [GeneratedRegex(
        @"^(((制表|制单|打印|导出|审核|复核|经办)(人|员|者|时间|日期))|页码|[-—–=*\s]*以下(空白|无正文)|第\s*\d+\s*页|共\s*\d+\s*页)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Footer { get; }
}
