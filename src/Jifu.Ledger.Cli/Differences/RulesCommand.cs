using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Differences;

/// <summary><c>jifu reconcile rules …</c>: the rules of finance, and what they would have matched on past
/// days.</summary>
internal static class RulesCommand
{
    public static Command Create() => new("rules", "The rules of finance: tolerances, words, groups (匹配规则)")
    {
        List(), Test(), Propose(), Decide("approve", "Let a version work that another key proposed", false),
        Decide("reject", "Turn a version down, or withdraw your own", true), Retire(),
    };

    private static Argument<string> Id() => new("rule") { Description = "Its id" };

    private static Option<FileInfo> RuleOption()
    {
        var option = new Option<FileInfo>("--rule")
        {
            Description = "A JSON file; docs/reference/cli.md shows one of each kind", Required = true,
            HelpName = "FILE",
        };
        option.AcceptFiles();
        return option;
    }

    private static Option<BusinessDay?> DayOption(string name) => new(name)
    {
        Description = "A day of bills, yyyy-MM-dd", Required = true, HelpName = "DAY",
        CustomParser = Connection.ParseDay,
    };

    private static Command List()
    {
        var server = Connection.ServerOption();
        var command = new Command("list", "What works, and what waits for another person") { server };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsAuditor(parsed.GetValue(server)).Get("/v1/ops/matching-rules", cancellation)));
        return command;
    }

    private static Command Test()
    {
        var (rule, from, to) = (RuleOption(), DayOption("--from"), DayOption("--to"));
        var server = Connection.ServerOption();
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var command = new Command("test", "What a rule would have matched on past days. Changes nothing")
        {
            rule, from, to, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var matches = (await Connection.AsAuditor(parsed.GetValue(server)).Post(
                "/v1/ops/matching-rules/test",
                new
                {
                    rule = await Read(parsed.GetValue(rule)!, cancellation), from = $"{parsed.GetValue(from)}",
                    to = $"{parsed.GetValue(to)}",
                },
                null, cancellation)).Must("rules test");
            if (parsed.GetValue(json))
                Console.WriteLine(matches.ToJsonString(Answer.Readable));
            else
                Write(matches.AsArray());
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Propose()
    {
        var (id, rule, key, server) = (Id(), RuleOption(), Connection.KeyOption(), Connection.ServerOption());
        var reason = new Option<string>("--reason") { Description = "Why", Required = true, HelpName = "TEXT" };
        var command = new Command("propose", "Propose what a rule should say; another key has to approve")
        {
            id, rule, reason, key, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Put(
                $"/v1/ops/matching-rules/{Uri.EscapeDataString(parsed.GetValue(id)!)}",
                new
                {
                    rule = await Read(parsed.GetValue(rule)!, cancellation), reason = parsed.GetValue(reason),
                },
                cancellation)));
        return command;
    }

    private static Command Decide(string name, string description, bool withReason)
    {
        var (id, key, server) = (Id(), Connection.KeyOption(), Connection.ServerOption());
        var version = new Option<int>("--rule-version") { Description = "Which version", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Why", Required = withReason, HelpName = "TEXT" };
        var command = new Command(name, description) { id, version, key, server };
        if (withReason)
            command.Add(reason);
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                $"/v1/ops/matching-rules/{Uri.EscapeDataString(parsed.GetValue(id)!)}/"
                    + (withReason ? "rejections" : "approvals"),
                new { version = parsed.GetValue(version), reason = withReason ? parsed.GetValue(reason) : null },
                null, cancellation)));
        return command;
    }

    private static Command Retire()
    {
        var (id, key, server) = (Id(), Connection.KeyOption(), Connection.ServerOption());
        var reason = new Option<string>("--reason") { Description = "Why", Required = true, HelpName = "TEXT" };
        var command = new Command("retire", "Let a rule work no longer; what it matched stays matched")
        {
            id, reason, key, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                $"/v1/ops/matching-rules/{Uri.EscapeDataString(parsed.GetValue(id)!)}/retirement",
                new { reason = parsed.GetValue(reason) }, null, cancellation)));
        return command;
    }

    private static async Task<JsonNode?> Read(FileInfo file, CancellationToken cancellation)
    {
        try
        {
            return JsonNode.Parse(await File.ReadAllTextAsync(file.FullName, cancellation));
        }
        catch (JsonException wrong)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"{file.Name}: {wrong.Message}");
        }
    }

    private static void Write(JsonArray matches)
    {
        foreach (var match in matches)
        {
            Console.WriteLine($"rest {Terminal.Yuan(match!["rest"]!.GetValue<long>())}");
            foreach (var one in match["differences"]!.AsArray())
                Console.WriteLine($"  {one!.Text("id")}  {one!.Text("day")}  {one!.Text("class")}  {one!.Text("key")}  "
                    + Terminal.Yuan(one!["excess"]!.GetValue<long>()));
        }

        var taken = matches.Sum(match => match!["differences"]!.AsArray().Count);
        Console.WriteLine($"{matches.Count} matches of {taken} differences; nothing was changed.");
    }
}
