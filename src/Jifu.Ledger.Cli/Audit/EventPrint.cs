using System.Text.Json.Nodes;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Prints events for people: two lines each, or with all that they hold.</summary>
/// <param name="width">Cells of a line; no line is cut when it is null.</param>
internal sealed class EventPrint(TextWriter output, Ink ink, int? width, bool full)
{
    private const int Indent = 11;
    private const int ActorCellsMax = 20;

    // What in a type's name says that somebody may have to look.
    private static readonly string[] Alarming =
        ["fail", "refuse", "unknown", "difference", "contradiction", "skipped"];

    public void Write(JsonNode one)
    {
        var type = one.Text("type");
        output.WriteLine(
            $"{ink.Dim(Ink.Right($"{one["position"]}", Indent - 2))}  {one.Time("recorded_at")}  "
            + $"{Tinted(type)}  {Ink.Plain(one.Text("stream"))}");
        var actor = Ink.Plain(one.Text("actor"));
        var by = $"by {(full ? actor : Ink.Cut(actor, ActorCellsMax))}";
        var summary = Ink.Cut(Summary(one), Math.Max(20, (width ?? int.MaxValue) - Indent - by.Length - 3));
        output.WriteLine($"{new string(' ', Indent)}{summary}  {ink.Dim(by)}");
        if (one["trouble"] is { } trouble)
            output.WriteLine($"{new string(' ', Indent)}{ink.Red($"cannot be read: {Ink.Plain($"{trouble}")}")}");
        if (full)
            Rest(one);
    }

    private static string Summary(JsonNode one) => one["payload_base64"] is { } raw
        ? $"hex {Convert.ToHexStringLower(Convert.FromBase64String($"{raw}"))}"
        : PayloadSummary.Of(one["payload"], one.Time("recorded_at")[..10]);

    private string Tinted(string type)
    {
        var plain = Ink.Left(Ink.Plain(type), 28);
        return Alarming.Any(word => type.Contains(word, StringComparison.Ordinal)) ? ink.Red(plain) : ink.Blue(plain);
    }

    private void Rest(JsonNode one)
    {
        foreach (var name in new[] { "version", "event_id", "correlation_id", "causation_id" })
        {
            if (one[name] is { } value)
                Line(ink.Dim(Ink.Left(name, 16)) + Ink.Plain($"{value}"));
        }

        if (one["payload"] is { } payload)
        {
            foreach (var line in payload.ToJsonString(Answer.Readable).Split('\n'))
                Line(Ink.Plain(line.TrimEnd('\r')));
        }

        if (one["entry"] is not { } entry)
            return;
        Line($"{ink.Bold(entry.Text("rule"))}, business day {entry.Text("day")}");
        foreach (var posting in entry["lines"]!.AsArray())
        {
            var (amount, currency) = (posting!.Number("amount"), posting!.Text("currency"));
            Line($"  {Ink.Left(amount > 0 ? "Dr 借" : "   Cr 贷", 8)}  "
                + $"{Ink.Left(Ink.Plain(posting!.Text("account")), 36)}  "
                + $"{currency} {Answer.Amount(Math.Abs(amount), currency),14}");
        }

        void Line(string text) => output.WriteLine(new string(' ', Indent) + text);
    }
}
