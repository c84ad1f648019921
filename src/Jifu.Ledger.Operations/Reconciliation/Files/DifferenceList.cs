using System.Globalization;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What was found so far, key by key.</summary>
internal sealed class DifferenceList(FileReconciliationRequest request)
{
    private readonly List<FileDifference> found = [];
    private readonly SortedDictionary<string, long> counts = new(StringComparer.Ordinal);
    private readonly Tolerances tolerances = request.Tolerances ?? Tolerances.None;

    public long Matched { get; private set; }
    public long ExcessMinor { get; private set; }
    public long CutOffMinor { get; private set; }
    public long ToleratedMinor { get; private set; }
    public IReadOnlyList<FileDifference> All => found;
    public IReadOnlyDictionary<string, long> CountByClass => counts;

    /// <summary>Compares all rows of one key.</summary>
    public void Compare(IReadOnlyList<BillLine> theirs, IReadOnlyList<OrderLine> ours)
    {
        var compared = KeyComparison.Of(theirs, ours, request.Day, tolerances);
        Matched += compared.Matched;
        ToleratedMinor += compared.Tolerated.MinorUnits;
        foreach (var difference in compared.Differences)
        {
            found.Add(Of(difference));
            counts[difference.What.Class] = counts.GetValueOrDefault(difference.What.Class) + 1;
            ExcessMinor += difference.What.Excess.MinorUnits;
            CutOffMinor += difference.What is Discrepancy.CutOff cutOff ? cutOff.Carried.Gap.MinorUnits : 0;
        }
    }

    /// <summary>The order of the bill, then of the orders.</summary>
    public void Sort()
    {
        var sorted = found
            .OrderBy(each => each.BillLine ?? int.MaxValue).ThenBy(each => each.OrdersLine ?? int.MaxValue)
            .ThenBy(each => each.Key, StringComparer.Ordinal).ToList();
        found.Clear();
        found.AddRange(sorted);
    }

    /// <summary>The differences for programs: CSV, UTF-8, LF, amounts in minor units.</summary>
    public void Write(TextWriter csv)
    {
        csv.Write("class,kind,number,field,theirs,ours,excess_minor,bill_line,orders_line,merchant,reference,at\n");
        foreach (var each in found)
        {
            string[] cells =
            [
                each.Class, SnakeCase.Of($"{each.Kind}"), each.Number, each.Field, each.Theirs, each.Ours,
                Text(each.ExcessMinor), Text(each.BillLine), Text(each.OrdersLine), each.Merchant, each.Reference,
                each.At?.ToOffset(BusinessDay.Offset).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)
                    ?? "",
            ];
            csv.Write(string.Join(',', cells.Select(Quoted)) + "\n");
        }
    }

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;

    private static FileDifference Of(Found found)
    {
        var (what, row, line) = (found.What, found.Theirs, found.Ours);
        return new(
            what.Class, what.Key, row?.Kind ?? line!.Kind, row?.Number ?? line!.Number, what.Field, what.Theirs,
            what.Ours, what.Excess.MinorUnits, row?.LineNo, line?.LineNo,
            row is { Merchant.Length: > 0 } ? row.Merchant : line?.Merchant ?? "",
            row?.ChannelReference ?? line!.Reference, row?.At ?? line!.At);
    }
}
