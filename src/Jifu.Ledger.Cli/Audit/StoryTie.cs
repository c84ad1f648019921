using System.Text.Json.Nodes;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Holds an account's story together: opening and changes must come to the closing, so must the lines, and the
/// closing must be the balance that is kept apart from them.</summary>
internal sealed class StoryTie
{
    private readonly Dictionary<string, (long Balance, long Lines)> _reached = new(StringComparer.Ordinal);
    private readonly JsonArray _stories;

    /// <exception cref="CommandFailedException">It does not tie.</exception>
    public StoryTie(JsonNode why)
    {
        _stories = why["currencies"]!.AsArray();
        foreach (var story in _stories)
        {
            var (currency, opening) = (story!.Text("currency"), story!.Number("opening"));
            _reached[currency] = (opening, 0);
            var sum = opening + story!["rules"]!.AsArray().Sum(rule => rule!.Number("change"));
            Hold(currency, "opening and changes come", sum, "the closing", story.Number("closing"));
            Hold(currency, "the journal comes", story.Number("closing"), "the balance", story.Number("balance"));
        }
    }

    /// <summary>Takes the next line.</summary>
    /// <exception cref="CommandFailedException">It does not tie.</exception>
    public void Take(JsonNode line)
    {
        var currency = line.Text("currency");
        var (balance, lines) = _reached.GetValueOrDefault(currency);
        _reached[currency] = (balance + line.Number("change"), lines + 1);
        Hold(
            currency, $"the lines up to position {line["position"]} come", _reached[currency].Balance, "the line",
            line.Number("balance"));
    }

    /// <summary>There are no more lines.</summary>
    /// <exception cref="CommandFailedException">They do not tie.</exception>
    public void End()
    {
        foreach (var story in _stories)
        {
            var currency = story!.Text("currency");
            var (balance, lines) = _reached[currency];
            Hold(currency, "the lines come", balance, "the closing", story!.Number("closing"));
            if (lines != story!.Number("lines"))
                throw new CommandFailedException(
                    ExitCodes.Wrong, $"{currency}: there are {lines} lines, the story says {story!.Number("lines")}.");
        }
    }

    private static void Hold(string currency, string what, long amount, string other, long expected)
    {
        if (amount != expected)
            throw new CommandFailedException(
                ExitCodes.Wrong,
                $"{currency}: {what} to {Answer.Amount(amount, currency)}, {other} says "
                + $"{Answer.Amount(expected, currency)}.");
    }
}
