using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money day</c>: our books, the trade bill and the money of a day.</summary>
internal static class ThreeSidesCommand
{
    public static Command Create()
    {
        var day = OpsCommands.DayOption();
        return Question.Of(
            "day", "Our books, the trade bill and the money of a day (三方对账); 1 when they are not the same", [day],
            parsed => $"/v1/ops/days/{parsed.GetValue(day)}/money",
            (parsed, sides) => Write(parsed.GetValue(day)!.Value, sides.AsArray(), Ink.For(Terminal.Out)),
            sides => sides.AsArray().All(one => Agrees(one!)));
    }

    /// <summary>Whether the money of a channel's day is what its trade bill says, and follows from itself where the
    /// channel promises that it does.</summary>
    public static bool MoneyAgrees(JsonNode one) => one.Number("fund_flow_differences") == 0
        && (one.Text("fund_flow_break").Length == 0 || !PromisesBalances(one))
        && one.Text("bank") is not ("outstanding" or "differs");

    private static bool PromisesBalances(JsonNode one) => one.Text("channel") != Channel.Alipay.Name();

    private static bool Agrees(JsonNode one) => one.Text("trade") is "completed" or "none"
        && one.Number("trade_differences") == 0 && MoneyAgrees(one);

    private static void Write(BusinessDay day, JsonArray sides, Ink ink)
    {
        if (sides.Count == 0)
        {
            Console.WriteLine(
                $"There is nothing of {day}: no channel had trade on it, and no bill was imported for it. "
                + $"`jifu reconcile --channel CHANNEL --day {day} --bill FILE` brings one.");
            return;
        }

        var columns = new Columns(
            ink, "channel", "trade bill", "differences>", "fund flow", "differences>", "awaited>", "by the bill>",
            "bank", "came>");
        foreach (var one in sides)
        {
            columns.Add(
                one!.Text("channel"), one!.Text("trade"), $"{one!["trade_differences"]}", one!.Text("fund_flow"),
                $"{one!["fund_flow_differences"]}", $"{one!["awaited"]}", Amount(one!["their_net_minor"]),
                one!.Text("bank"), Amount(one!["funds_minor"]));
        }

        columns.Write(Console.Out);
        WriteLines(sides, ink);
        WriteApart(sides, ink);
        foreach (var channel in sides
            .Where(one => one!.Text("fund_flow") == "no_fund_flow" && one!.Text("trade") != "none")
            .Select(one => one!.Text("channel")))
        {
            Console.WriteLine(
                $"{channel}: no fund flow is here. `jifu close --day {day}` asks a connected channel for it; "
                + $"`jifu reconcile --channel {channel} --day {day} --bill FILE` brings one.");
        }
    }

    // As the bank's statement has them. A server of before tells none.
    private static void WriteLines(JsonArray sides, Ink ink)
    {
        var columns = new Columns(
            ink, "came as", "account", "day", "amount>", "counterparty", "reference", "note", "line");
        var lines = sides.SelectMany(one => one!["bank_lines"]?.AsArray() ?? []).ToList();
        foreach (var line in lines)
        {
            columns.Add(
                line!.Text("movements"), line!.Text("account"), line!.Text("day"),
                Answer.Change(line!.Number("amount_minor"), line!.Text("currency")), line!.Text("counterparty"),
                line!.Text("reference"), line!.Text("note"), line!.Text("line"));
        }

        if (lines.Count == 0)
            return;
        Console.WriteLine();
        columns.Write(Console.Out);
    }

    private static void WriteApart(JsonArray sides, Ink ink)
    {
        foreach (var one in sides.Where(one => one!.Text("fund_flow_break").Length > 0))
        {
            var text = $"{one!.Text("channel")}: {one!.Text("fund_flow_break")}";
            Console.WriteLine(PromisesBalances(one!)
                ? ink.Red(text)
                : $"{text}. No error: Alipay does not promise that its balances follow (仅供参考).");
        }

        foreach (var one in sides.Where(one => one!.Text("bank") == "differs"))
        {
            Console.WriteLine(ink.Red(
                $"{one!.Text("channel")}: {Amount(one!["funds_minor"])} came, and its bill says "
                + $"{Amount(one!["their_net_minor"])}; jifu money open tells what is expected for it."));
        }
    }

    private static string Amount(JsonNode? minor) =>
        minor is null ? "" : Answer.Amount(minor.GetValue<long>(), "CNY");
}
