using System.Globalization;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Tests;

/// <summary>One folder of reconciliation-fixtures: a bill, our books, and what is expected of comparing them.</summary>
/// <remarks><c>ledger.csv</c> begins with <c># day: …</c> and <c># merchant: …</c>, what the bill must be of; then a
/// line of headings, then our lines. Amounts in fen; side is day, carried_ours, carried_theirs or neighbour.</remarks>
internal sealed class ReconciliationCase
{
    private readonly string folder;
    private readonly List<string[]> lines;

    public ReconciliationCase(string folder)
    {
        this.folder = folder;
        var text = File.ReadAllLines(Path.Combine(folder, "ledger.csv"));
        BusinessDay.TryParse(text[0]["# day: ".Length..], out var day).ShouldBeTrue();
        (Day, MerchantNumber) = (day, text[1]["# merchant: ".Length..]);
        text[2].ShouldBe("side,kind,number,channel_reference,amount,fee,at");
        lines = [.. text.Skip(3).Select(line => line.Split(','))];
    }

    public static IEnumerable<string> Folders(string channel)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
            root = root.Parent;
        return Directory.GetDirectories(Path.Combine(root.FullName, "reconciliation-fixtures", channel)).Order();
    }

    public BusinessDay Day { get; }
    public string MerchantNumber { get; }
    public string Expected => File.ReadAllText(Path.Combine(folder, "expected.txt"));

    public Stream OpenBill() => File.OpenRead(Path.Combine(folder, "bill.csv"));

    public LedgerDay Ours => new(
        Day, Currency.CNY, [.. Side("day")],
        [
            .. Side("carried_ours").Select(line => new CarriedLine(CarrySide.Ours, line)),
            .. Side("carried_theirs").Select(line => new CarriedLine(CarrySide.Theirs, line)),
        ],
        [.. Side("neighbour")]);

    private IEnumerable<LedgerLine> Side(string side) =>
        from cells in lines
        where cells[0] == side
        select new LedgerLine(
            Enum.Parse<BillLineKind>(cells[1], ignoreCase: true), cells[2], cells[3], Cny(cells[4]), Cny(cells[5]),
            DateTimeOffset.ParseExact(cells[6], "yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture));

    private static Money Cny(string fen) => new(long.Parse(fen, CultureInfo.InvariantCulture), Currency.CNY);
}
