using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money open</c> and <c>match</c>: the bank's lines against our books.</summary>
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
            Console.WriteLine(Proposed(one!));
        foreach (var one in open["explained"]?.AsArray() ?? [])
        {
            Console.WriteLine(Explained(one!));
            if (Warning(one!) is { } warning)
                Console.WriteLine(ink.Red($"  {warning}"));
        }

        Console.WriteLine(open["covered_to"] is { } covered
            ? $"{Differences(open)} open; statements reach to {covered}."
            : "No statement was imported yet: see jifu money preview.");
    }

    private static string Proposed(JsonNode one)
    {
        // A server of before knows lines by themselves only.
        var with = one["with"]?.AsArray() is { Count: > 0 } lines ? lines : null;
        return $"{one.Text("line")} {(with is null ? "" : $"with {string.Join(" and ", with)} ")}may be "
            + $"{string.Join(" and ", one["to"]!.AsArray())}, by its amount: if it is, another than who brought it "
            + $"says so, by jifu money confirm {one.Text("line")} --account {one.Text("account")} "
            + $"{(with is null ? "" : $"--with {string.Join(' ', with)} ")}--to "
            + $"{string.Join(' ', one["to"]!.AsArray())} --key THEIR-KEY.json";
    }

    private static string Explained(JsonNode one)
    {
        var rest = one["to"]!.AsArray() is { Count: > 0 } to ? $", the rest {string.Join(" and ", to)}" : "";
        return $"{string.Join(" and ", one["lines"]!.AsArray())}: {one.Text("proposed_by")} says that {Amount(one)} of "
            + $"it is {one.Text("as")}{rest} ({one.Text("reason")}). If so, another one approves it, by jifu money "
            + $"approve {one.Text("id")} --key THEIR-KEY.json";
    }

    /// <summary>Why to look twice at an explanation; null where nothing is unusual.</summary>
    public static string? Warning(JsonNode explanation) => explanation["warning"] is { } warning
        ? $"Look twice: {warning.Text("reason")} ({warning.Text("code")})"
        : null;

    // A server of before has none for the bank's lines.
    private static string Advice(JsonNode one) => one["suggestion"]?.Text("reason") ?? "";

    private static string Amount(JsonNode one) => Answer.Change(one.Number("amount_minor"), one.Text("currency"));

    private static Option<BusinessDay?> Day(string name) => new(name)
    {
        Description = "A business day, yyyy-MM-dd", Required = true, CustomParser = Connection.ParseDay,
        HelpName = "DAY",
    };
}
