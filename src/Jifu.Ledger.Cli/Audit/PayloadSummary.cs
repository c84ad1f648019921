using System.Text.Json;
using System.Text.Json.Nodes;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>What an event says, in one line: who, how much, and the rest as it stands. It knows no event, so that it
/// can tell of every one.</summary>
internal static class PayloadSummary
{
    private const int TextCellsMax = 36;

    // What lies deeper are terms, which --full shows.
    private const int LevelsMax = 2;

    // What needs no name in front of it, in the order in which it is told.
    private static readonly string[] First = ["merchant", "merchant_order_no", "refund", "channel", "amount"];

    /// <param name="payload">The event's JSON.</param>
    /// <param name="day">The day on which it was recorded: told only where the event counts on another.</param>
    public static string Of(JsonNode? payload, string day)
    {
        var told = new List<(string Name, string Text)>();
        Tell("", payload, 0, told);
        told.Remove(("day", day));
        var first = First.SelectMany(name => told.Where(one => one.Name == name).Take(1)).Select(one => one.Text);
        var rest = told.Where(one => !First.Contains(one.Name)).Select(one => $"{one.Name} {one.Text}".Trim());
        return string.Join("  ", first.Concat(rest));
    }

    private static void Tell(string name, JsonNode? node, int level, List<(string Name, string Text)> told)
    {
        switch (node)
        {
            case JsonObject money when money.Count == 2 && money["minor_units"] is JsonValue minor
                && money["currency"] is JsonValue currency:
                if (minor.TryGetValue<long>(out var amount) && (amount != 0 || name == "amount"))
                    told.Add((name, Money(amount, currency.ToString())));
                break;
            case JsonObject parts when level < LevelsMax:
                foreach (var (part, value) in parts)
                    Tell(part, value, level + 1, told);
                break;
            case JsonArray { Count: > 0 } list:
                told.Add((name, $"[{list.Count}]"));
                break;
            case JsonValue value when name is not "at" && !name.EndsWith("_at", StringComparison.Ordinal)
                && value.ToString().Length > 0:
                told.Add((name, value.GetValueKind() == JsonValueKind.String
                    ? Ink.Cut(Ink.Plain(value.ToString()), TextCellsMax)
                    : value.ToJsonString()));
                break;
        }
    }

    private static string Money(long minor, string currency) => currency == nameof(Currency.CNY)
        ? $"¥{Answer.Amount(minor, currency)}"
        : $"{currency} {Answer.Amount(minor, currency)}";
}
