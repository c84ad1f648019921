using System.Globalization;
using System.Text;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>A trade bill taken apart by hand: cells by their headings, amounts in fen.</summary>
internal sealed class BillText
{
    private readonly List<Dictionary<string, string>> _rows;

    private BillText(List<Dictionary<string, string>> rows, Dictionary<string, string> totals) =>
        (_rows, Totals) = (rows, totals);

    public IReadOnlyList<Dictionary<string, string>> Rows => _rows;

    public Dictionary<string, string> Totals { get; }

    /// <summary>Payments less refunds less fees, in fen.</summary>
    public long Net => _rows.Sum(row => Fen(row["订单金额"]) - Fen(row["申请退款金额"]) - Fen(row["手续费"]));

    public static BillText Of(ChannelBillFile file)
    {
        var lines = Encoding.UTF8.GetString(file.Content.Span).TrimStart('\uFEFF')
            .Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        return new(
            [.. lines[1..^2].Select(line => Cells(lines[0], line))], Cells(lines[^2], lines[^1]));
    }

    /// <summary><c>SUCCESS 10.00 0.04000</c> of each row with that number.</summary>
    public IEnumerable<string> Of(string number) => _rows
        .Where(row => row["商户退款单号"] == number || (row["商户订单号"] == number && row["商户退款单号"] == "0"))
        .Select(row => $"{row["交易状态"]} {row["订单金额"]} {row["申请退款金额"]} {row["手续费"]}");

    public static long Fen(string yuan) => (long)(decimal.Parse(yuan, CultureInfo.InvariantCulture) * 100);

    private static Dictionary<string, string> Cells(string headings, string line) =>
        headings.Split(',').Zip(line[1..].Split(",`")).ToDictionary(cell => cell.First, cell => cell.Second);
}
