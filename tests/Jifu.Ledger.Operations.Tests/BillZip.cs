using System.IO.Compression;
using Jifu.Ledger.Channels;

namespace Jifu.Ledger.Operations.Tests;

internal static class BillZip
{
    /// <summary>Bills in one archive, as some channels send them.</summary>
    public static ChannelBillFile Of(params ChannelBillFile[] files)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var file in files)
            {
                using var entry = zip.CreateEntry(file.FileName).Open();
                entry.Write(file.Content.Span);
            }
        }

        return new("bill.zip", packed.ToArray());
    }
}
