using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Alipay;

/// <summary>The parts of details that one file holds: all of each, and no row in two of them. Alipay divides long
/// details into several documents, whose names end with a number: <c>…_业务明细_1.csv</c>, <c>…_业务明细_2.csv</c>.
/// </summary>
/// <remarks>Holds the first and the last row of each part, and none between.</remarks>
internal sealed partial class AlipayParts
{
    private readonly Dictionary<string, Parts> wholes = new(StringComparer.Ordinal);

    /// <summary>Null for a document whose name does not say that there may be more of it.</summary>
    public static BillPart? PartOf(BillText file, AlipayFrame frame) =>
        Name.Match(file.FileName) is { Success: true } name
            ? new(
                $"{name.Groups["stem"].Value} {frame.Scope} {frame.Headings}",
                int.Parse(name.Groups["number"].Value, CultureInfo.InvariantCulture))
            : null;

    private sealed class Parts
    {
        public Dictionary<int, string> Documents { get; } = [];

        /// <summary>The rows at which parts begin and end, with the document that has them.</summary>
        public Dictionary<string, string> Edges { get; } = new(StringComparer.Ordinal);

        public List<IReadOnlyList<AlipayTotals>> Totals { get; } = [];
    }

    /// <summary>The rows of a document, which are watched when it is a part.</summary>
    /// <param name="key">What a row is known by.</param>
    public IEnumerable<TRow> Watched<TRow>(
        BillText file, BillPart? part, IEnumerable<TRow> rows, Func<TRow, string> key,
        params IReadOnlyList<AlipayTotals> totals)
    {
        if (part is null)
            return rows;
        if (!wholes.TryGetValue(part.Whole, out var parts))
            wholes.Add(part.Whole, parts = new());
        parts.Documents[part.Number] = file.FileName;
        parts.Totals.Add(totals);
        foreach (var total in totals)
            total.MayBeOfAll = true;
        return Watched(file, parts, rows, key);
    }

    /// <summary>At the end of the file.</summary>
    public void Check()
    {
        foreach (var parts in wholes.Values)
        {
            foreach (var number in Enumerable.Range(1, parts.Documents.Keys.Max()))
            {
                if (!parts.Documents.ContainsKey(number))
                    throw new BillRejectedException(
                        BillRejection.BillTruncated, parts.Documents.MaxBy(part => part.Key).Value, 1, 1,
                        $"part {number} (…_{number}.csv) beside it: bring all parts in the zip in which they come");
            }

            for (var at = 0; at < parts.Totals[0].Count; at++)
                AlipayTotals.CheckAll([.. parts.Totals.Select(totals => totals[at])]);
        }
    }

    private static IEnumerable<TRow> Watched<TRow>(
        BillText file, Parts parts, IEnumerable<TRow> rows, Func<TRow, string> key)
    {
        var (first, last) = ((string?)null, (string?)null);
        foreach (var row in rows)
        {
            last = key(row);
            first ??= last;
            if (parts.Edges.TryGetValue(last, out var other))
                throw file.Reject(
                    BillRejection.BillOverlaps, 1, $"rows that no other part has; '{other}' has this one, too");
            yield return row;
        }

        if (first is null)
            yield break;
        parts.Edges[first] = file.FileName;
        parts.Edges[last!] = file.FileName;
    }

    [GeneratedRegex(@"^(?<stem>.*(业务|账务)明细)_(?<number>[1-9][0-9]{0,2})\.csv$", RegexOptions.CultureInvariant)]
    private static partial Regex Name { get; }
}
