using System.IO.Compression;
using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Packs bills, and lies about them.</summary>
internal static class Packed
{
    /// <summary>A long bill of Alipay whose rows pack well.</summary>
    /// <param name="account">Whose it is: an archive may hold one of a day and account.</param>
    public static byte[] LongBill(
        int rows, Func<int, string>? product = null, bool isSame = false, int account = 1)
    {
        var path = Path.Combine(ReconciliationCase.Root, "alipay/plain-csv/bill.csv");
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        var lines = gbk.GetString(File.ReadAllBytes(path)).Split("\r\n");
        var many = Enumerable.Range(0, rows)
            .Select(row => lines[5].Replace("p01", isSame ? "p" : $"p{row}", StringComparison.Ordinal)
                .Replace("茶", product?.Invoke(row) ?? "茶", StringComparison.Ordinal));
        string[] foot =
        [
            lines[9], $"#交易合计：{rows}笔，商家实收共{rows}00.00元", "#退款合计：0笔，商家实收退款共0.00元", .. lines[12..],
        ];
        var head = lines[..5].Select(line => line.Replace("0000010156", $"{account:D6}0156", StringComparison.Ordinal));
        return gbk.GetBytes(string.Join("\r\n", [.. head, .. many, .. foot]));
    }

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(content);
            }
        }

        return packed.ToArray();
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }

    /// <summary>As UnionPay sends it.</summary>
    public static byte[] FileContent(byte[] zip)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
            zlib.Write(zip);
        return Encoding.ASCII.GetBytes(Convert.ToBase64String(packed.ToArray()));
    }

    /// <summary>How many rows it has; or the code with which it is refused, from a stream as from bytes.</summary>
    public static string Read(byte[] file, BillLimits? limits = null)
    {
        var told = Read(new MemoryStream(file), limits);
        Read(new Trickle(file), limits).ShouldBe(told);
        return told;
    }

    private static string Read(Stream file, BillLimits? limits)
    {
        try
        {
            var bills = BillFile.Open(file, "bill", new(), limits ?? BillLimits.Usual);
            return $"{bills.Sum(bill => bill.Lines.Count())} rows";
        }
        catch (BillRejectedException refused)
        {
            return $"{refused.Line}: {SnakeCase.Of($"{refused.Code}")}";
        }
    }
}
