using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Operations.Finance;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu why</c>: why a balance is what it is.</summary>
internal static class WhyCommand
{
    // As many as fit on a screen are told without being asked for.
    private const int FewLines = 40;

    public static Command Create()
    {
        var account = new Argument<string>("ACCOUNT") { Description = "bank, merchant_pending:m1 …" };
        var asOf = PointArgument.Option(
            "--as-of", "A position, a time, or a business day: what counts on it or earlier; now unless given");
        var since = PointArgument.Option("--since", "What came up to this position or time stands in the opening");
        var all = new Option<bool>("--all") { Description = "Each line, however many there are" };
        var json = new Option<bool>("--json")
        {
            Description = "One JSON document; with --all the lines too. Amounts in minor units",
        };
        var server = Connection.ServerOption();
        var command = new Command("why", "Why a balance is what it is (余额由来): the events that make it")
        {
            account, asOf, since, all, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(server));
            var path = $"/v1/ops/accounts/{Uri.EscapeDataString(parsed.GetValue(account)!)}";
            var why = Answer.Required(await client.Get(
                $"{path}/why" + Answer.Query(("since", parsed.GetValue(since)), ("as_of", parsed.GetValue(asOf))),
                cancellation));

            var tie = new StoryTie(why);

            // The lines of exactly these totals, whatever has happened since.
            var lines = Lines.Read(client, $"{path}/lines" + Answer.Query(
                ("since", Point(why.Number("since"))), ("as_of", Point(why.Number("as_of"))),
                ("day", (string?)why["day"])), cancellation);
            var isAll = parsed.GetValue(all);
            if (parsed.GetValue(json))
                await WriteJson(why, isAll ? lines : null, tie);
            else
                await Write(why, lines, isAll, tie, Ink.For(Terminal.Out));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static string AsOf(JsonNode why) =>
        $"position {why["as_of"]}" + ((string?)why["day"] is { } day ? $", business days up to {day}" : "");

    private static string Point(long position) => position < 0 ? "start" : $"{position}";

    private static async Task WriteJson(JsonNode why, IAsyncEnumerable<JsonNode>? lines, StoryTie tie)
    {
        if (lines is not null)
        {
            var all = new JsonArray();
            await foreach (var line in lines)
            {
                if (line["line"] is not { } one)
                    continue;
                tie.Take(one);
                all.Add(one.DeepClone());
            }

            tie.End();
            why["lines"] = all;
        }

        Console.WriteLine(why.ToJsonString(Answer.Readable));
    }

    private static async Task Write(
        JsonNode why, IAsyncEnumerable<JsonNode> lines, bool isAll, StoryTie tie, Ink ink)
    {
        var (account, since) = (why.Text("account"), why.Number("since"));
        if (why["begins"] is { } begins)
        {
            Console.WriteLine(
                $"{ink.Bold(Ink.Plain(account))} {Terms.Account(account)} did not exist as of "
                + $"{AsOf(why)}: its first line is of position {begins["position"]}, {begins.Time("recorded_at")}.");
            return;
        }

        Console.WriteLine(
            $"{ink.Bold(Ink.Plain(account))} {Terms.Account(account)}, grows by {why["side"]} "
            + $"({(why.Text("side") == "debit" ? "借" : "贷")}), as of {AsOf(why)}");
        foreach (var currency in why["currencies"]!.AsArray())
            WriteRules(currency!, since, ink);
        var count = why["currencies"]!.AsArray().Sum(one => one!.Number("lines"));
        if (isAll || count <= FewLines)
            await WriteLines(lines, tie, ink);
        else
            Console.WriteLine(ink.Dim($"{Answer.Count(count)} lines: --all tells each, --since POINT only the later."));
    }

    private static void WriteRules(JsonNode story, long since, Ink ink)
    {
        var currency = story.Text("currency");
        var columns = new Columns(
            ink, "rule", "", "lines>", "debits 借>", "credits 贷>", $"change, {currency}>", "positions");
        if (since >= 0)
            columns.Add(
                "opening", "期初", "", "", "", Answer.Amount(story.Number("opening"), currency), $"up to {since}");
        foreach (var rule in story["rules"]!.AsArray())
        {
            columns.Add(
                rule!.Text("rule"), Terms.Rule(rule!.Text("rule")), Answer.Count(rule!.Number("lines")),
                Answer.Amount(rule!.Number("debits"), currency), Answer.Amount(rule!.Number("credits"), currency),
                Answer.Change(rule!.Number("change"), currency),
                $"{rule!["first_position"]} … {rule!["last_position"]}");
        }

        columns.Add(
            "balance", "余额", Answer.Count(story.Number("lines")), "", "",
            Answer.Amount(story.Number("closing"), currency), "");
        Console.WriteLine();
        columns.Write(Console.Out);
    }

    private static async Task WriteLines(IAsyncEnumerable<JsonNode> lines, StoryTie tie, Ink ink)
    {
        Console.WriteLine();
        Console.WriteLine(ink.Dim(
            $"{"position",9}  {"recorded at",-23}  {"rule",-20}  {"change",16}  {"balance",18}  stream"));
        await foreach (var line in lines)
        {
            if (line["line"] is not { } one)
                continue;
            var currency = one.Text("currency");
            tie.Take(one);
            Console.WriteLine(
                $"{one["position"],9}  {ink.Dim(one.Time("recorded_at"))}  {one.Text("rule"),-20}  "
                + $"{Answer.Change(one.Number("change"), currency),16}  "
                + $"{Answer.Amount(one.Number("balance"), currency),14} {currency}  {Ink.Plain(one.Text("stream"))}");
        }

        tie.End();
        Console.WriteLine(ink.Dim("jifu events --from POSITION --to POSITION shows the event behind a line."));
    }
}
