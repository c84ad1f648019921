using System.Globalization;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>One folder of reconciliation-fixtures: a bill, our books, and what is expected of comparing them.</summary>
/// <remarks><c>ledger.csv</c> begins with <c># day: …</c> and <c># merchant: …</c>, what the bill must be of; then a
/// line of headings, then our lines. Amounts in fen; side is day, carried_ours, carried_theirs or neighbour; for a fund
/// flow beside the bill, <c>fund-flow.*</c>, also awaited and opening.</remarks>
internal sealed class ReconciliationCase
{
    private const string Headings = "side,kind,number,channel_reference,amount,fee,at";

    // Of an order export, and what it is expected to come to, other tests speak.
    private static readonly string[] NoBill = ["ledger.csv", "expected.txt", "orders.csv", "expected-orders.csv"];

    private readonly string folder;
    private readonly List<string[]> lines;

    public ReconciliationCase(string folder)
    {
        this.folder = folder;
        var text = File.ReadAllLines(Path.Combine(folder, "ledger.csv"));
        text[2].ShouldBeOneOf(Headings, $"{Headings},merchant_numbers");
        ChannelNames.TryParse(Path.GetFileName(Path.GetDirectoryName(folder)), out var channel).ShouldBeTrue();
        BusinessDay? day = BusinessDay.TryParse(text[0]["# day: ".Length..], out var given) ? given : null;
        (day is not null || text[0] == "# day: any").ShouldBeTrue();
        Expectation = new(channel, day, text[1]["# merchant: ".Length..]);
        lines = [.. text.Skip(3).Select(line => line.Split(','))];
        var files = Directory.GetFiles(folder)
            .Where(path => !NoBill.Contains(Path.GetFileName(path)))
            .ToLookup(path => Path.GetFileName(path).StartsWith("fund-flow.", StringComparison.Ordinal));
        (BillPath, FundFlowPath) = (files[false].Single(), files[true].SingleOrDefault());
    }

    /// <summary>All folders, as <c>channel/case</c>.</summary>
    public static IEnumerable<string> Names =>
        from channel in Directory.GetDirectories(Root)
        from folder in Directory.GetDirectories(channel)
        let name = Path.GetRelativePath(Root, folder)
        orderby name
        select name;

    public static string Root
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (!Directory.Exists(Path.Combine(root!.FullName, "reconciliation-fixtures")))
                root = root.Parent;
            return Path.Combine(root.FullName, "reconciliation-fixtures");
        }
    }

    public static ReconciliationCase Named(string name) => new(Path.Combine(Root, name));

    /// <summary>What the bill must be.</summary>
    public BillExpectation Expectation { get; }

    public string BillPath { get; }

    /// <summary>The money's side; null where the case is about two sides only.</summary>
    public string? FundFlowPath { get; }

    /// <summary>What the day before had of trades without their money yet.</summary>
    public IReadOnlyList<AwaitedMoney> Awaited =>
    [
        .. Side("awaited").Select(line => new AwaitedMoney(line.Key, [line.ChannelReference, line.Number], line.Net)),
    ];

    /// <summary>What each account held at the end of the day before.</summary>
    public IReadOnlyDictionary<string, Money> Openings =>
        lines.Where(cells => cells[0] == "opening").ToDictionary(cells => cells[2], cells => Cny(cells[4]));

    public string ExpectedPath => Path.Combine(folder, "expected.txt");

    /// <summary>Our books, without what a bill of only some kinds does not list.</summary>
    public LedgerDay Listed(BillCoverage coverage) => new(
        Expectation.Day!.Value, Currency.CNY, [.. Side("day").Where(line => coverage.Covers(line.Kind))],
        [
            .. Side("carried_ours").Select(line => new CarriedLine(CarrySide.Ours, line)),
            .. Side("carried_theirs").Select(line => new CarriedLine(CarrySide.Theirs, line)),
        ],
        [.. Side("neighbour")])
    {
        Margin = LedgerDay.MarginOf(Expectation.Channel!.Value),
    };

    private IEnumerable<LedgerLine> Side(string side) =>
        from cells in lines
        where cells[0] == side
        select new LedgerLine(
            Enum.Parse<BillLineKind>(cells[1], ignoreCase: true), cells[2], cells[3], Cny(cells[4]), Cny(cells[5]),
            DateTimeOffset.ParseExact(cells[6], "yyyy-MM-dd HH:mm:sszzz", CultureInfo.InvariantCulture),
            Numbers: cells.Length > 7 ? cells[7].Split(' ').ToValueList() : null);

    private static Money Cny(string fen) => new(long.Parse(fen, CultureInfo.InvariantCulture), Currency.CNY);
}
