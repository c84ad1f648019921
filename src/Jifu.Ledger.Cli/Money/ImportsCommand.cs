using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money imports</c>: every file that was imported for a day, with its trail.</summary>
internal static class ImportsCommand
{
    public static Command Create()
    {
        var day = OpsCommands.DayOption();
        return Question.Of(
            "imports", "Every file that was imported for a day, with its trail (导入记录)", [day],
            parsed => $"/v1/ops/days/{parsed.GetValue(day)}/imports",
            (_, imports) => Write(imports.AsArray(), Ink.For(Terminal.Out)), _ => true);
    }

    private static void Write(JsonArray imports, Ink ink)
    {
        if (imports.Count == 0)
        {
            Console.WriteLine("No file was imported for this day.");
            return;
        }

        var columns = new Columns(
            ink, "channel", "kind", "file", "sha256", "rows>", "differences>", "by", "at", "booked on", "state");
        foreach (var one in imports)
        {
            columns.Add(
                one!.Text("channel"), one!.Text("kind"),
                one!.Text("file_name") is { Length: > 0 } name ? name : "no bill of that day", one!.Text("sha256"),
                one!["rows"]!.ToString(), one!["differences"]?.ToString() ?? "", one!.Text("imported_by"),
                one!.Text("imported_at"), one!.Text("booked_on"), State(one!));
        }

        columns.Write(Console.Out);
    }

    private static string State(JsonNode one)
    {
        var trail = one["supersedes"] is { } old ? $"took the place of {$"{old}"[..12]}: {one["reason"]}"
            : one["reason"] is { } reason ? $"first: {reason}" : "first";
        return one["superseded_at"] is { } at ? $"{trail}; superseded {at}" : $"{trail}; counts";
    }
}
