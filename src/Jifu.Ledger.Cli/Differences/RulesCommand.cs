using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;
using Jifu.Ledger.Operations.Tables;

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
            var written = await PersonsJson.Read(parsed.GetValue(rule)!, cancellation);
            var findings = Understood(
                await Connection.AsAuditor(parsed.GetValue(server)).Post(
                    "/v1/ops/matching-rules/test",
                    new { rule = written.Value(), from = $"{parsed.GetValue(from)}", to = $"{parsed.GetValue(to)}" },
                    null, cancellation),
                written).Must("rules test");
            Console.Write(parsed.GetValue(json)
                ? findings.ToJsonString(Answer.Readable) + "\n"
                : RulePrint.Of(findings));
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
        command.SetAction(async (parsed, cancellation) =>
        {
            var written = await PersonsJson.Read(parsed.GetValue(rule)!, cancellation);
            return OpsCommands.Print(Understood(
                await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Put(
                    $"/v1/ops/matching-rules/{Uri.EscapeDataString(parsed.GetValue(id)!)}",
                    new { rule = written.Value(), reason = parsed.GetValue(reason) }, cancellation),
                written));
        });
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

    // What the server finds wrong with the rule is told by its place in the file.
    private static ApiReply Understood(ApiReply reply, WrittenJson rule)
    {
        if (reply.Ok || reply.Body?["errors"] is not JsonArray errors)
            return reply;
        var wrong = errors.Select(error => (Path: error!.Text("path"), Detail: error!.Text("detail")))
            .Where(error => error.Path.StartsWith("$.rule", StringComparison.Ordinal))
            .Select(error => (Path: $"${error.Path["$.rule".Length..]}", error.Detail))
            .Select(error => $"{rule.PlaceOf(error.Path)}: {error.Path[Math.Min(2, error.Path.Length)..]}"
                + $"{(error.Path.Length > 2 ? ": " : "")}{error.Detail}").ToList();
        return wrong.Count == 0 ? reply : throw new CommandFailedException(ExitCodes.Usage, string.Join('\n', wrong));
    }
}
