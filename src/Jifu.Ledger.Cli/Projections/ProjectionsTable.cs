using System.Text.Json.Nodes;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Projections;

/// <summary>How far the read models are, for people.</summary>
internal static class ProjectionsTable
{
    /// <returns>False when one of them has stopped.</returns>
    public static bool Write(IAnsiConsole console, JsonArray projections)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns("projection", "position", "behind", "");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        var running = true;
        foreach (var one in projections)
        {
            var stopped = one!["stopped"]?.GetValue<string>();
            running &= stopped is null;
            table.AddRow(
                one["name"]!.GetValue<string>(), $"{one["position"]}", $"{one["lag"]}",
                stopped is null ? "" : $"[red]{Markup.Escape($"stopped {stopped}")}[/]");
        }

        console.Write(table);
        return running;
    }
}
