using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Day;

/// <summary>The one page that a played day ends with.</summary>
internal static class DayPage
{
    public static void Write(IAnsiConsole console, DayPlayed played, ClosedBooks books)
    {
        console.WriteLine();
        console.Write(new Rule($"[bold]{played.Day}[/]").LeftJustified());
        console.Write(Orders(played));
        console.Write(Positions(books.Positions));
        console.Write(Differences(books));
        console.WriteLine();
        Line(console, books.Balanced,
            $"journal: debits {Terminal.Yuan(books.JournalDebits)} = credits {Terminal.Yuan(books.JournalCredits)}");
        Line(console, books.Missed.Count == 0 && books.Unasked.Count == 0,
            $"differences: {books.Planted.Count} planted, {books.Planted.Count - books.Missed.Count} found, "
            + $"{books.Unasked.Count} besides");
        Line(console, books.Reconciliation["funds_received"]!.GetValue<bool>(),
            $"channel: {books.Reconciliation["matched"]} rows match, net "
            + $"{Yuan(books.Reconciliation, "their_net")} received");
        Line(console, books.MoneyTies, Money(books));
        Line(console, books.Settlements.All(one => one.Status == "confirmed"),
            $"settlements: {books.Settlements.Count} paid out and confirmed");
        Line(console, books.Ties, "finance files tie out to the journal, to the fen");
        console.WriteLine($"   {FromHere(books.Zip)}");
        console.WriteLine($"   SHA-256 {books.Sha256}");
    }

    /// <summary>The same for programs.</summary>
    public static JsonObject Json(DayPlayed played, ClosedBooks books) => new()
    {
        ["day"] = $"{played.Day}",
        ["orders"] = new JsonObject(played.Statuses.Select(one => KeyValuePair.Create(one.Key, (JsonNode?)one.Value))),
        ["positions"] = books.Positions.DeepClone(),
        ["journal"] = new JsonObject { ["debits"] = books.JournalDebits, ["credits"] = books.JournalCredits },
        ["differences"] = new JsonObject
        {
            ["planted"] = books.Planted.Count, ["missed"] = List(books.Missed), ["besides"] = List(books.Unasked),
        },
        ["three_sides"] = books.ThreeSides.DeepClone(),
        ["reconciliation"] = books.Reconciliation.DeepClone(),
        ["ties"] = books.Ties,
        ["zip"] = books.Zip,
        ["sha256"] = books.Sha256,
        ["right"] = books.Right,
    };

    private static JsonArray List(IEnumerable<Difference> differences) =>
        [.. differences.Select(one => (JsonNode)$"{one.Class} {one.Key} {one.Field}")];

    private static Table Orders(DayPlayed played)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("orders", "count", "");
        table.Columns[1].RightAligned();
        foreach (var (status, count) in played.Statuses)
            table.AddRow(status, count.ToString(CultureInfo.InvariantCulture), "");
        var rate = played.Statuses.Values.Sum() / Math.Max(played.Took.TotalSeconds, 0.001);
        table.AddRow(
            "together", played.Statuses.Values.Sum().ToString(CultureInfo.InvariantCulture),
            string.Create(CultureInfo.InvariantCulture, $"{rate:0} a second"));
        return table;
    }

    private static readonly string[] Sums =
        ["gross", "refunded", "fees", "splits", "brought_forward", "payable", "carried_forward"];

    private static long Sum(JsonArray positions, string name) => positions.Sum(one => one![name]!.GetValue<long>());

    private static Table Positions(JsonArray positions)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(
            "cleared", "", "payments", "gross", "refunded", "fees", "splits", "brought", "payable", "carried");
        foreach (var column in table.Columns.Skip(2))
            column.RightAligned().NoWrap();
        foreach (var one in positions)
        {
            table.AddRow(
                [one!["merchant_id"]!.GetValue<string>(), one["term"]!.GetValue<string>() == "t0" ? "T+0" : "T+1",
                one["payments"]!.ToString(), .. Sums.Select(name => Yuan(one, name))]);
        }

        table.AddRow(
            ["together", "", Sum(positions, "payments").ToString(CultureInfo.InvariantCulture),
            .. Sums.Select(name => Terminal.Yuan(Sum(positions, name)))]);
        return table;
    }

    private static Table Differences(ClosedBooks books)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("differences", "about", "field", "");
        foreach (var one in books.Planted.Concat(books.Unasked))
        {
            var verdict = books.Missed.Contains(one) ? "[red]not found[/]"
                : books.Unasked.Contains(one) ? "[red]not planted[/]" : "found";
            table.AddRow(one.Class, one.Key, one.Field, verdict);
        }

        return table;
    }

    private static string Money(ClosedBooks books) => string.Join("; ", books.ThreeSides.Select(one =>
        $"money: fund flow {one!["fund_flow"]}, {one["fund_flow_differences"]} differences with the bill, "
        + $"{(one["funds_minor"] is null ? "nothing" : Yuan(one, "funds_minor"))} at the bank"));

    private static void Line(IAnsiConsole console, bool right, string text) => console.MarkupLine(
        $"{(right ? "[green]ok[/] " : "[red]NOT[/]")} {Markup.Escape(text)}");

    private static string FromHere(string path) =>
        Path.GetRelativePath(Environment.CurrentDirectory, path) is var near
            && near.StartsWith("..", StringComparison.Ordinal) ? path : near;

    private static string Yuan(JsonNode? of, string name) => Terminal.Yuan(of![name]!.GetValue<long>());
}
