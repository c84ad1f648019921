using System.Text;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Differences;

/// <summary>What a rule would have matched, and what it leaves to people, for people.</summary>
internal static class RulePrint
{
    public static string Of(JsonNode findings)
    {
        var (matches, undecided) = (findings["matches"]!.AsArray(), findings["undecided"]!.AsArray());
        var told = new StringBuilder();
        foreach (var match in matches)
        {
            told.Append($"rest {Terminal.Yuan(match!["rest"]!.GetValue<long>())}\n");
            Write(told, match["differences"]!.AsArray(), "  ");
        }

        foreach (var line in undecided)
            WriteUndecided(told, line!);
        var taken = matches.Sum(match => match!["differences"]!.AsArray().Count);
        told.Append($"{matches.Count} matches of {taken} differences")
            .Append(undecided.Count == 0 ? "" : $"; {undecided.Count} left to people")
            .Append("; nothing was changed.\n");
        return $"{told}";
    }

    /// <summary>Why a rule that could take a difference has not.</summary>
    public static string OfDoubt(JsonNode doubt)
    {
        var told = new StringBuilder($"rule {doubt["rule"]} v{doubt["version"]} takes nothing: ");
        WriteUndecided(told, doubt["undecided"]!);
        return $"{told}";
    }

    private static void WriteUndecided(StringBuilder told, JsonNode line)
    {
        told.Append(line.Text("why") switch
        {
            "ambiguous" => "ambiguous: more than one set of lines comes to this amount\n",
            "contested" => "contested: another line wants some of the same lines\n",
            _ => $"too many: {line["candidates"]} lines to choose from; narrow one and many, or lower members_max or "
                + "left_out_max\n",
        });
        Write(told, [line["one"]!.DeepClone()], "  ");
        foreach (var lines in line["fitting"]!.AsArray())
        {
            told.Append("  would do:\n");
            Write(told, lines!.AsArray(), "    ");
        }
    }

    private static void Write(StringBuilder told, JsonArray lines, string indent)
    {
        foreach (var one in lines)
            told.Append($"{indent}{one!.Text("id")}  {one!.Text("day")}  {one!.Text("class")}  {one!.Text("key")}  ")
                .Append(Terminal.Yuan(one!["excess"]!.GetValue<long>())).Append('\n');
    }
}
