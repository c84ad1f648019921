using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Differences;

/// <summary>Differences for people.</summary>
internal static class DifferencePrint
{
    /// <param name="filtered">Whether there may be others.</param>
    public static void List(JsonArray differences, bool filtered)
    {
        if (differences.Count == 0)
        {
            Console.WriteLine(filtered ? "None of these." : "Nothing is open.");
            return;
        }

        var columns = new Columns(
            Ink.For(Terminal.Out), "id", "day", "channel", "class", "key", "theirs", "ours", "left>", "age>", "status",
            "suggested");
        foreach (var one in differences)
        {
            columns.Add(
                one!.Text("id"), one!.Text("day"), one!.Text("channel"), one!.Text("class"), one!.Text("key"),
                one!.Text("theirs"), one!.Text("ours"), Yuan(Left(one!)), $"{one!["age_days"]}", Status(one!),
                Suggested(one!));
        }

        columns.Write(Console.Out);
        var sum = differences.Sum(one => one!["left"]!.GetValue<long>());
        var held = differences.Sum(one => one!["held"]?.GetValue<long>() ?? 0);
        Console.WriteLine(
            $"{differences.Count} difference{(differences.Count == 1 ? "" : "s")}, {Terminal.Yuan(sum)} in suspense"
            + $"{(held == 0 ? "" : $", {Terminal.Yuan(held)} held")}.");
    }

    public static void One(JsonNode one)
    {
        Console.WriteLine($"{one.Text("id")}  {one.Text("channel")} {one.Text("day")}  {one.Text("class")}  "
            + one.Text("key"));
        Console.WriteLine($"  theirs {Said(one.Text("theirs"))}, ours {Said(one.Text("ours"))}; "
            + $"excess {Yuan(one["excess"])}, in suspense {Yuan(one["left"])}"
            + $"{(one["held"] is { } held ? $", held {Yuan(held)}" : "")}, {one["age_days"]} days old");
        Console.WriteLine($"  {Status(one)}, version {one["version"]}");
        if (one["proposal"] is { } proposal)
            Console.WriteLine($"  proposal {proposal["number"]} by {proposal.Text("by")}: "
                + $"{Remedy(proposal["remedy"]!)}: {proposal.Text("reason")}");
        if (one["closing"] is { } closing)
            Console.WriteLine($"  {Ended(one)} on {closing["day"]} by {Closing(closing)}");
        if (one["former"] is not null)
            Console.WriteLine($"  formerly:  {one.Text("former")}");
        if (one["suggestion"] is { } suggestion)
            Console.WriteLine($"  suggested: {Suggested(one)}  {suggestion.Text("reason")}");
    }

    public static void Story(JsonNode story)
    {
        One(story["difference"]!);
        Console.WriteLine();
        var columns = new Columns(Ink.For(Terminal.Out), "position>", "day", "step", "moved>", "by", "detail");
        foreach (var step in story["steps"]!.AsArray())
            columns.Add(
                $"{step!["position"]}", step!.Text("day"), step!.Text("step"), Yuan(step!["moved"]),
                step!.Text("actor"), step!.Text("detail"));
        columns.Write(Console.Out);
        foreach (var doubt in story["rules"]?.AsArray() ?? [])
            Console.Write("\n" + RulePrint.OfDoubt(doubt!));
    }

    internal static string Status(JsonNode one)
    {
        // Who holds it knows what to do; who asks wants to know whom to ask.
        var status = one["closing"]?["remedy"] is { } remedy && IsHeld(one)
            ? $"held: {Told(remedy, "owner")} until {Told(remedy, "due")}"
            : one.Text("status");
        return one["proposal"] is { } proposal ? $"{status} (proposal {proposal["number"]})" : status;
    }

    internal static string Suggested(JsonNode one) => one["suggestion"] is { } suggestion
        ? $"{suggestion["action"] ?? "wait"}: {suggestion.Text("code")}"
        : "";

    // What freed only a part of it leaves it open.
    internal static string Ended(JsonNode one) => one.Text("status") switch
    {
        "held" => "held",
        "open" or "proposed" => "closed in part",
        _ => "closed",
    };

    // What is held is not in suspense, and is what its next closing moves.
    private static JsonNode? Left(JsonNode one) => IsHeld(one) ? one["held"] ?? one["left"] : one["left"];

    private static bool IsHeld(JsonNode one) => one.Text("status") == "held";

    private static string Remedy(JsonNode remedy) => string.Join(' ', new[]
    {
        remedy.Text("action"), Told(remedy, "account"), Told(remedy, "owner"), Told(remedy, "due"),
        Told(remedy, "refund_number"), remedy["amount"] is { } amount ? Yuan(amount) : "",
    }.Where(text => text.Length > 0));

    private static string Told(JsonNode node, string name) => node[name] is { } value ? $"{value}" : "";

    private static string Closing(JsonNode closing) => closing.Text("by") switch
    {
        "rule" => $"rule {closing["rule"]} v{closing["rule_version"]}{With(closing)}",
        "met" => $"{closing["with"]}, which met it",
        _ => $"{closing["approved_by"]}: {Remedy(closing["remedy"]!)}",
    };

    private static string With(JsonNode closing) => closing["with"] is { } others ? $", with {others}" : "";

    private static string Said(string text) => text.Length == 0 ? "nothing" : text;

    private static string Yuan(JsonNode? fen) => Terminal.Yuan(fen!.GetValue<long>());
}
