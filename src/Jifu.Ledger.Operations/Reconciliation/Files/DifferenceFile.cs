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
    /// <param name="first">Writes those that come first.</param>
    public static void Write(string? path, Action<Stream> first, IEnumerable<FileDifference> differences)
    {
        if (path is null)
        {
            first(Stream.Null);
            Write(TextWriter.Null, differences);
            return;
        }

        var part = path + ".part";
        try
        {
            using (var csv = new StreamWriter(part) { NewLine = "\n" })
            {
                csv.WriteLine(Headings);
                csv.Flush();
                first(csv.BaseStream);
                Write(csv, differences);
            }

            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static void Write(TextWriter csv, IEnumerable<FileDifference> differences)
    {
        foreach (var each in differences)
        {
            csv.Write(each.Class);
            WriteCell(csv, each.Kind.Name());
            WriteCell(csv, each.Number);
            WriteCell(csv, each.Field);
            WriteCell(csv, each.Theirs);
            WriteCell(csv, each.Ours);
            WriteCell(csv, each.ExcessMinor);
            WriteCell(csv, each.BillLine);
            WriteCell(csv, each.OrdersLine);
            WriteCell(csv, each.Merchant);
            WriteCell(csv, each.Reference);
            WriteCell(csv, each.At);
            csv.WriteLine();
        }
    }

    private static void WriteCell(TextWriter csv, string cell)
    {
        csv.Write(',');
        csv.Write(cell.AsSpan().IndexOfAny(',', '"', '\n') >= 0 || cell.Contains('\r')
            ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\""
            : cell);
    }

    private static void WriteCell(TextWriter csv, long? number)
    {
        csv.Write(',');
        Span<char> digits = stackalloc char[20];
        if (number?.TryFormat(digits, out var length, default, CultureInfo.InvariantCulture) is true)
            csv.Write(digits[..length]);
    }

    // As yyyy-MM-dd HH:mm:ss, in a tenth of the time that this form takes.
    private static void WriteCell(TextWriter csv, DateTimeOffset? at)
    {
        csv.Write(',');
        Span<char> time = stackalloc char[19];
        if (at?.ToOffset(BusinessDay.Offset).TryFormat(time, out _, "s", CultureInfo.InvariantCulture) is not true)
            return;
        time[10] = ' ';
        csv.Write(time);
    }
}
