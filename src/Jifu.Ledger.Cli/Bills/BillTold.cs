using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Cli.Bills;

/// <summary>What a bill file tells: each of its documents summed up, or why it may not be used.</summary>
/// <param name="Documents">Those that were read to their last row; none when some row could not be read.</param>
internal sealed record BillTold(string File, IReadOnlyList<DocumentTold> Documents, BillRejectedException? Refused)
{
    /// <summary>True when it may be used, and its accounts' balances follow from each other.</summary>
    public bool IsSound => Refused is null && Documents.All(document => document.BalanceBreak is null);

    public static BillTold Of(FileInfo file, BillExpectation expected)
    {
        var documents = new List<DocumentTold>();
        try
        {
            using var bill = file.OpenRead();
            foreach (var document in BillFile.Open(bill, file.Name, expected))
            {
                var told = new DocumentTold(document);
                documents.Add(told);
                told.Read(document);
            }

            return new(file.Name, documents, null);
        }
        catch (BillRejectedException refused)
        {
            // Rows that do not sum up to the totals may still be looked at.
            return new(file.Name, refused.Code == BillRejection.BillTotalsDiffer ? documents : [], refused);
        }
    }
}
