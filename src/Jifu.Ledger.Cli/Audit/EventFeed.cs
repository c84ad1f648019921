using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Which events are asked for; what is null asks for nothing.</summary>
internal sealed record AskedEvents(
    string? Stream, string? Category, string? Type, string? Correlation, string? From, string? To)
{
    /// <summary>As it was asked: <c>--stream payment-p1 --to 500</c>; empty for all.</summary>
    public override string ToString() => string.Join(' ', new[]
    {
        ("stream", Stream), ("category", Category), ("type", Type), ("correlation", Correlation), ("from", From),
        ("to", To),
    }.Where(one => one.Item2 is not null).Select(one => $"--{one.Item1} {one.Item2}"));
}

/// <summary>Fetches events from the server, page by page.</summary>
internal sealed class EventFeed(ApiClient client, AskedEvents asked)
{
    private const int PageMax = 500;
    private const int WaitSeconds = 20;

    /// <summary>The position of the newest event when the feed began.</summary>
    public long Head { get; private set; } = -1;

    /// <summary>The newest so many events.</summary>
    /// <param name="take">Given each at once, newest first; null to have them all at the end, oldest first.</param>
    public async Task<IReadOnlyList<JsonNode>> Newest(
        int count, Action<JsonNode>? take, CancellationToken cancellation)
    {
        var (found, left, cursor) = (new List<JsonNode>(), count, (string?)null);
        do
        {
            var page = await Page("desc", asked.From, Math.Min(left, PageMax), cursor, null, cancellation);
            Head = Math.Max(Head, cursor is null ? page.Number("head") : -1);
            foreach (var one in page["events"]!.AsArray())
            {
                left--;
                if (take is null)
                    found.Add(one!);
                else
                    take(one!);
            }

            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null && left > 0);
        found.Reverse();
        return found;
    }

    /// <summary>All events, oldest first, up to those of now.</summary>
    public async Task All(Action<JsonNode> take, CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await Page("asc", asked.From, PageMax, cursor, null, cancellation);
            foreach (var one in page["events"]!.AsArray())
                take(one!);
            cursor = (string?)page["next_cursor"];
        }
        while (cursor is not null);
    }

    /// <summary>All events from a point on, and those to come, until cancelled or until the last that counts.</summary>
    /// <remarks>A server that goes away is waited for. The place is moved on only by a page that has come whole, so
    /// nothing is lost and nothing comes twice. The first page is not waited for: it says what <c>now</c>
    /// was.</remarks>
    public async Task Follow(string? from, Action<JsonNode> take, CancellationToken cancellation)
    {
        var (cursor, isAway) = ((string?)null, false);
        do
        {
            JsonNode page;
            try
            {
                page = await Page("asc", from, PageMax, cursor, cursor is null ? 0 : WaitSeconds, cancellation);
            }
            catch (CommandFailedException e) when (e.ExitCode == ExitCodes.Unreachable)
            {
                if (!isAway)
                    await Console.Error.WriteLineAsync("The server is away; this goes on when it is back.");
                isAway = true;
                continue;
            }

            if (isAway)
                await Console.Error.WriteLineAsync("The server is back.");
            isAway = false;
            foreach (var one in page["events"]!.AsArray())
                take(one!);
            if ((cursor = (string?)page["next_cursor"]) is null)
                return;
        }
        while (true);
    }

    private async Task<JsonNode> Page(
        string order, string? from, int limit, string? cursor, int? wait, CancellationToken cancellation) =>
        Answer.Required(await client.Get(
            "/v1/ops/events" + Answer.Query(
                ("stream", asked.Stream), ("category", asked.Category), ("type", asked.Type),
                ("correlation", asked.Correlation), ("from", from), ("to", asked.To), ("order", order),
                ("limit", $"{limit}"), ("wait", wait is { } seconds ? $"{seconds}" : null), ("cursor", cursor)),
            cancellation));
}

/// <summary>Where events go: for people, or as JSON.</summary>
internal sealed class EventOutput(AskedEvents asked, bool json, bool follow, bool full, People? people)
{
    private readonly EventPrint _print = new(
        Console.Out, Ink.For(Terminal.Out), Console.IsOutputRedirected ? null : Terminal.Out.Profile.Width, full);

    private long _count;

    public void Write(JsonNode one)
    {
        _count++;
        if (people is not null)
            one["actor"] = people.Named(one.Text("actor"));
        if (!json)
            _print.Write(one);
        else if (follow)
            Console.WriteLine(one.ToJsonString(Answer.Compact));
        else
            Console.Write((_count == 1 ? "[\n" : ",\n") + one.ToJsonString(Answer.Compact));
    }

    /// <summary>Ends the document, and says when there was nothing.</summary>
    public int End()
    {
        if (json && !follow)
            Console.WriteLine(_count == 0 ? "[]" : "\n]");
        else if (_count == 0)
            Console.Error.WriteLine(
                $"{asked}" is { Length: > 0 } how ? $"No event is like that: {how}" : "There is no event yet.");
        return ExitCodes.Fine;
    }
}
