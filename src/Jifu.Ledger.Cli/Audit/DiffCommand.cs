using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Operations.Finance;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu diff</c>: what became of balances and read models between two points.</summary>
internal static class DiffCommand
{
    // Another view of the past may be under way.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create()
    {
        var from = PointArgument.Argument("FROM", "A position or time; start is before the first event");
        var to = PointArgument.Argument("TO", "A position or time; now is after the newest event");
        var view = new Option<string?>("--view")
        {
            Description = "Only this read model, and which of its rows changed", HelpName = "NAME",
        };
        var limit = Limit();
        var only = new Option<bool>("--balances-only")
        {
            Description = "Leave the read models out: they are folded from the first event on, which takes its time",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document; amounts in minor units" };
        var server = Connection.ServerOption();
        var command = new Command("diff", "What became of balances and read models between two points (差异)")
        {
            from, to, view, limit, only, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(server), Patience);
            var diff = Answer.Required(await Connection.AsAuditor(parsed.GetValue(server)).Get(
                "/v1/ops/diff" + Answer.Query(("from", parsed.GetValue(from)), ("to", parsed.GetValue(to))),
                cancellation));
            var name = parsed.GetValue(view);
            var views = parsed.GetValue(only)
                ? null
                : await Views(client, diff, name, parsed.GetValue(limit), cancellation);
            if (parsed.GetValue(json))
                WriteJson(diff, views);
            else
                Write(diff, views, name, Ink.For(Terminal.Out));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Option<int> Limit()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "With --view: the most rows", DefaultValueFactory = _ => 100, HelpName = "COUNT",
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > 100_000)
                result.AddError("--limit lies between 1 and 100,000.");
        });
        return limit;
    }

    // Of exactly the positions that the balances were told of.
    private static async Task<ViewsDiff> Views(
        ApiClient client, JsonNode diff, string? view, int limit, CancellationToken cancellation)
    {
        var views = new ViewsDiff([], []);
        await foreach (var line in Lines.Read(client, "/v1/ops/diff/views" + Answer.Query(
            ("from", diff.Number("from") < 0 ? "start" : $"{diff["from"]}"),
            ("to", diff.Number("to") < 0 ? "start" : $"{diff["to"]}"), ("view", view), ("limit", $"{limit}")),
            cancellation))
        {
            if (line["view"] is { } one)
                views.Counts.Add(one.DeepClone());
            if (line["row"] is { } row)
                views.Rows.Add(row.DeepClone());
        }

        return views;
    }

    private static void WriteJson(JsonNode diff, ViewsDiff? views)
    {
        if (views is not null)
            diff["views"] = new JsonArray([.. views.Counts]);
        if (views?.Rows is { Count: > 0 } rows)
            diff["rows"] = new JsonArray([.. rows]);
        Console.WriteLine(diff.ToJsonString(Answer.Readable));
    }

    private static void Write(JsonNode diff, ViewsDiff? views, string? view, Ink ink)
    {
        Console.WriteLine($"after position {diff["from"]} … after position {diff["to"]}");
        if (view is null)
            WriteBalances(diff, ink);
        if (views is null)
            return;
        var columns = new Columns(ink, "read model", "added>", "changed>", "removed>");
        foreach (var one in views.Counts)
            columns.Add(
                one.Text("view"), Answer.Count(one.Number("added")), Answer.Count(one.Number("changed")),
                Answer.Count(one.Number("removed")));
        Console.WriteLine();
        columns.Write(Console.Out);
        foreach (var row in views.Rows)
            WriteRow(row, ink);
    }

    private static void WriteBalances(JsonNode diff, Ink ink)
    {
        var columns = new Columns(ink, "account", "", "before>", "after>", "change>", "lines>");
        foreach (var one in diff["balances"]!.AsArray())
        {
            var (account, currency) = (one!.Text("account"), one!.Text("currency"));
            var rules = one!["rules"]!.AsArray();
            columns.Add(
                account, Terms.Account(account), Answer.Amount(one!.Number("before"), currency),
                $"{currency} {Answer.Amount(one!.Number("after"), currency)}",
                Answer.Change(one!.Number("change"), currency), Answer.Count(rules.Sum(rule => rule!.Number("lines"))));
            foreach (var rule in rules)
                columns.Add(
                    $"  {rule!.Text("rule")}", Terms.Rule(rule!.Text("rule")), "", "",
                    Answer.Change(rule!.Number("change"), currency), Answer.Count(rule!.Number("lines")));
        }

        Console.WriteLine();
        columns.Write(Console.Out);
        foreach (var sum in diff["sums"]!.AsArray())
            Console.WriteLine(BalancesCommand.Verdict(
                ink, sum!.Text("currency"), sum!.Number("debits"), sum!.Number("credits")));
    }

    private static void WriteRow(JsonNode row, Ink ink)
    {
        var (before, after) = (row["before"] as JsonObject, row["after"] as JsonObject);
        Console.WriteLine();
        Console.WriteLine(ink.Bold(row.Text("change")));
        foreach (var (name, value) in (after ?? before)!)
        {
            var (was, now) = (Told(before?[name]), Told(value));
            if (before is null || after is null)
                Console.WriteLine($"  {name,-22}  {now}");
            else if (was != now)
                Console.WriteLine($"  {name,-22}  {ink.Red(was)} → {ink.Green(now)}");
            else if (name == after.First().Key || name.EndsWith("_id", StringComparison.Ordinal))
                Console.WriteLine($"  {name,-22}  {ink.Dim(now)}");
        }
    }

    private static string Told(JsonNode? value) => value is null ? "–" : Ink.Plain($"{value}");

    /// <summary>Counts of each read model, and rows of the one asked for.</summary>
    private sealed record ViewsDiff(List<JsonNode> Counts, List<JsonNode> Rows);
}
