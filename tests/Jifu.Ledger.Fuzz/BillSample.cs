using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Fuzz;

/// <summary>A bill of reconciliation-fixtures, or the fund flow beside it, to be damaged.</summary>
/// <param name="Expected">What it must be, as its case says.</param>
/// <param name="IsRead">False when it is refused as it is.</param>
internal sealed record BillSample(
    string Case, string FileName, byte[] Bytes, BillExpectation Expected, bool IsRead)
{
    private static readonly string[] BesideTheBill =
        ["ledger.csv", "expected.txt", "orders.csv", "expected-orders.csv"];

    /// <summary>All of them, also fund flows, always in the same order.</summary>
    public static IReadOnlyList<BillSample> All()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
            root = root.Parent;
        return
        [
            .. from channel in Directory.GetDirectories(Path.Combine(root.FullName, "reconciliation-fixtures"))
               from folder in Directory.GetDirectories(channel)
               from file in Directory.GetFiles(folder)
               where !BesideTheBill.Contains(Path.GetFileName(file))
               orderby folder, file
               select Of(folder, file),
        ];
    }

    private static BillSample Of(string folder, string bill)
    {
        var channel = Path.GetFileName(Path.GetDirectoryName(folder))!;
        var head = File.ReadLines(Path.Combine(folder, "ledger.csv")).Take(2)
            .Select(line => line.Split(": ")[1]).ToList();
        return new(
            $"{channel}/{Path.GetFileName(folder)}", Path.GetFileName(bill), File.ReadAllBytes(bill),
            new(ChannelNames.Parse(channel), BusinessDay.TryParse(head[0], out var day) ? day : null, head[1]),
            IsGood(Path.Combine(folder, "expected.txt")));
    }

    // A case that is being written has no expectation yet.
    private static bool IsGood(string expected) =>
        File.Exists(expected) && !File.ReadAllText(expected).StartsWith("refused", StringComparison.Ordinal);
}
