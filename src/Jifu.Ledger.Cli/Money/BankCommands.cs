using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money open</c>, <c>match</c>, <c>confirm</c> and <c>unmatch</c>: the bank's lines against our
/// books.</summary>
internal static class BankCommands
{
    public static Command Open()
    {
        var (from, to) = (Day("--from"), Day("--to"));
        return Question.Of(
            "open", "What the bank has and we do not know, and the other way round (未达账项); 1 when there is any",
            [from, to], parsed => "/v1/ops/bank/open" + Answer.Query(
                ("from", $"{parsed.GetValue(from)}"), ("to", $"{parsed.GetValue(to)}")),
            (_, open) => Write(open, Ink.For(Terminal.Out)), open => Differences(open) == 0);
    }

    public static Command Match()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var command = new Command("match", "Look again what the bank's lines are (勾对). Safe to repeat")
        {
            key, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                "/v1/ops/bank/match", null, null, cancellation)));
        return command;
    }

    public static Command Confirm()
    {
        var to = new Option<string[]>("--to")
        {
            Description = "What it is, as money open tells it: funds:wechatpay:2026-11-20; again for each of several",
            Required = true, AllowMultipleArgumentsPerToken = true, HelpName = "ID",
        };
        return OfLine(
            "confirm", "Say what a line is (人工勾对); by another person than who brought it, when it books money",
            "match", "is confirmed", to, parsed => [.. parsed.GetRequiredValue(to).Select(id => ("to", (string?)id))]);
    }

    public static Command Unmatch()
    {
        var reason = new Option<string>("--reason") { Description = "Why it is something else", Required = true };
        return OfLine(
            "unmatch",
            "Say that a line is not what it was taken for, and take back what was booked by it, if anything (取消勾对)",
            "unmatch", "is taken for nothing any more; money that was booked by it, if any, is taken back", reason,
            parsed => [("reason", parsed.GetValue(reason))]);
    }

    private static Command OfLine(
        string name, string description, string verb, string done, Option said,
        Func<ParseResult, (string, string?)[]> query)
    {
        var line = new Argument<string>("LINE") { Description = "The line's id, as the API and --json tell it" };
        var account = new Option<string>("--account") { Description = "The bank account", Required = true };
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var command = new Command(name, description) { line, account, said, key, server };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                $"/v1/ops/bank/{parsed.GetValue(account)}/lines/{parsed.GetValue(line)}/{verb}"
                + Answer.Query(query(parsed)),
                null, null, cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            Console.WriteLine($"{parsed.GetValue(line)} {done}; jifu money open tells what is open now.");
            return ExitCodes.Fine;
        });
        return command;
    }

    // What is expected after the last statement is no difference yet.
    private static int Differences(JsonNode open) =>
        open["only_at_bank"]!.AsArray().Count + open["only_with_us"]!.AsArray().Count(one => IsCovered(open, one!));

    private static bool IsCovered(JsonNode open, JsonNode one) => open["covered_to"] is { } covered
        && string.CompareOrdinal(one.Text("day"), covered.GetValue<string>()) <= 0;

    private static void Write(JsonNode open, Ink ink)
    {
        var columns = new Columns(ink, "where", "day", "amount>", "what", "reference", "counterparty", "days>",
            "note", "advice");
        foreach (var line in open["only_at_bank"]!.AsArray())
        {
            columns.Add(
                "only at the bank", line!.Text("day"), Amount(line!), line!.Text("line"), line!.Text("reference"),
                line!.Text("counterparty"), $"{line!["age_days"]}", line!.Text("note"), Advice(line!));
        }

        foreach (var one in open["only_with_us"]!.AsArray())
        {
            columns.Add(
                IsCovered(open, one!) ? "only with us" : "not due yet", one!.Text("day"), Amount(one!), one!.Text("id"),
                one!.Text("reference"), one!.Text("channel"), $"{one!.Number("age_days")}", "",
                Advice(one!));
        }

        columns.Write(Console.Out);
        foreach (var one in open["proposed"]!.AsArray())
        {
            Console.WriteLine(
                $"{one!.Text("line")} may be {string.Join(" and ", one!["to"]!.AsArray())}, by its amount: if it is, "
                + $"another than who brought it says so, by jifu money confirm {one!.Text("line")} "
                + $"--account {one!.Text("account")} --to {string.Join(' ', one!["to"]!.AsArray())} "
                + "--key THEIR-KEY.json");
        }

        Console.WriteLine(open["covered_to"] is { } covered
            ? $"{Differences(open)} open; statements reach to {covered}."
            : "No statement was imported yet: see jifu money preview.");
    }

    // A server of before has none for the bank's lines.
    private static string Advice(JsonNode one) => one["suggestion"]?.Text("reason") ?? "";

    private static string Amount(JsonNode one) => Answer.Change(one.Number("amount_minor"), one.Text("currency"));

    private static Option<BusinessDay?> Day(string name) => new(name)
    {
        Description = "A business day, yyyy-MM-dd", Required = true, CustomParser = Connection.ParseDay,
        HelpName = "DAY",
    };
}
