using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Operations.Tables;

namespace Jifu.Ledger.Cli.Reconcile;

/// <summary>Prints for programs why two files were not compared, in the shape in which <c>bill show</c> tells it.
/// </summary>
internal static class RefusedPrint
{
    public static void Json(Exception refused, TextWriter output)
    {
        switch (refused)
        {
            case BillRejectedException bill:
                Write(bill.File, PlainJson.Refused(bill), output);
                break;
            case WorkbookRejectedException book:
                Write(
                    book.File, new { Code = "workbook_unreadable", book.File, book.Sheet, book.Cell, book.Expected },
                    output);
                break;
            default:
                throw new ArgumentException("A file that was refused is expected.", nameof(refused), refused);
        }
    }

    /// <summary>Of a workbook, whose rows people know by its cells.</summary>
    public static void Json(BillRejectedException refused, string file, string cell, TextWriter output) =>
        Write(file, new
        {
            Code = SnakeCase.Of($"{refused.Code}"), File = file, Cell = cell, refused.Expected,
        }, output);

    private static void Write(string file, object refused, TextWriter output) => output.WriteLine(
        PlainJson.Of(new { File = file, Documents = Array.Empty<object>(), IsWhole = false, Refused = refused }));
}
