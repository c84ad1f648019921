using System.Globalization;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Writes differences for programs: CSV, UTF-8, LF, amounts in minor units. The file is there when it is
/// complete, not before.</summary>
internal static class DifferenceFile
{
    private const string Headings =
        "class,kind,number,field,theirs,ours,excess_minor,bill_line,orders_line,merchant,reference,at";

    /// <param name="path">Null to read the differences to their end without writing any.</param>
    public static void Write(string? path, IEnumerable<FileDifference> differences)
    {
        if (path is null)
        {
            Write(TextWriter.Null, differences);
            return;
        }

        var part = path + ".part";
        try
        {
            using (var csv = new StreamWriter(part) { NewLine = "\n" })
                Write(csv, differences);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static void Write(TextWriter csv, IEnumerable<FileDifference> differences)
    {
        csv.WriteLine(Headings);
        foreach (var difference in differences)
        {
            var cells = Cells(difference);
            for (var place = 0; place < cells.Length; place++)
            {
                if (place > 0)
                    csv.Write(',');
                csv.Write(Quoted(cells[place]));
            }

            csv.WriteLine();
        }
    }

    private static string[] Cells(FileDifference each) =>
    [
        each.Class, each.Kind.Name(), each.Number, each.Field, each.Theirs, each.Ours,
        Text(each.ExcessMinor), Text(each.BillLine), Text(each.OrdersLine), each.Merchant, each.Reference,
        // As yyyy-MM-dd HH:mm:ss, in a tenth of the time.
        each.At?.ToOffset(BusinessDay.Offset).ToString("s", CultureInfo.InvariantCulture).Replace('T', ' ') ?? "",
    ];

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Quoted(string cell) => cell.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || cell.Contains('\r')
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
        : cell;
}
