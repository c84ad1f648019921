using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>The same bill in every form in which it may come says the same.</summary>
public class BillFormTests
{
    private static readonly Encoding Gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;

    public static TheoryData<string> Bills => new(
        "wechatpay/all-matched", "wechatpay/layout-of-refund-bill", "wechatpay/layout-of-2014", "wechatpay/fund-flow",
        "alipay/plain-csv", "alipay/account-detail-of-2012", "alipay/account-detail-another-order");

    [Theory, MemberData(nameof(Bills))]
    public void Order_of_columns_encoding_line_ends_brackets_and_container_make_no_difference(string name)
    {
        var fixture = ReconciliationCase.Named(name);
        var file = File.ReadAllBytes(fixture.BillPath);
        var isGbk = name.StartsWith("alipay", StringComparison.Ordinal);
        var text = (isGbk ? Gbk : Encoding.UTF8).GetString(file).Replace("\r\n", "\n", StringComparison.Ordinal);
        var said = Said(file, fixture);
        said.ShouldNotBeEmpty();

        var forms =
            from order in Enumerable.Range(0, 4)
            let shuffled = Shuffled(text.TrimStart('\uFEFF'), order)
            from brackets in new[] { shuffled, shuffled.Replace('（', '(').Replace('）', ')').Replace('：', ':') }
            from ends in new[] { brackets, brackets.Replace("\n", "\r\n", StringComparison.Ordinal) }
            from bytes in new[] { Gbk.GetBytes(ends), Encoding.UTF8.GetBytes(ends), [0xEF, 0xBB, 0xBF, .. Utf8(ends)] }
            from packed in new[] { bytes, Packed.Zip(("x", bytes)), Packed.Gzip(bytes), Content(bytes) }
            select packed;
        foreach (var form in forms)
            Said(form, fixture).ShouldBe(said);
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Content(byte[] bytes) => Packed.FileContent(Packed.Zip(("x", bytes)));

    private static List<string> Said(byte[] file, ReconciliationCase fixture) =>
    [
        .. BillFile.Open(new MemoryStream(file), "bill", fixture.Expectation).SelectMany(
            bill => bill.Lines.Select(line => $"{line}").Concat(bill.FundFlow.Select(line => $"{line}"))),
    ];

    // The columns of the rows in another order; the lines around them stay as they are.
    private static string Shuffled(string text, int order)
    {
        var lines = text.Split('\n');
        var top = Array.FindIndex(lines, line => line.Split(',').Length > 10);
        var places = Enumerable.Range(0, lines[top].Split(',').Length).ToArray();
        new Random(order).Shuffle(places);
        if (order == 0)
            return text;
        for (var at = top; at < lines.Length; at++)
        {
            var cells = Cells(lines[at]);
            if (cells.Length == places.Length)
                lines[at] = string.Join(',', places.Select(place => cells[place]));
        }

        return string.Join('\n', lines);
    }

    private static string[] Cells(string line) => line.StartsWith('`')
        ? [.. line[1..].Split(",`").Select(cell => "`" + cell)]
        : line.Split(',');
}
