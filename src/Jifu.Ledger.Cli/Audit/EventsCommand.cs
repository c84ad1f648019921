using System.CommandLine;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu events</c>: what happened, found and followed.</summary>
internal static class EventsCommand
{
    private const int LastUnlessGiven = 50;

    public static Command Create()
    {
        var (stream, category) = (Text("--stream", "One stream, whole name: payment-p4f…"), Text(
            "--category", "Streams of one category: payment, merchant, clearing, settlement, reconciliation …"));
        var (type, correlation) = (Text("--type", "Types that begin so: payment.refund_"), Text(
            "--correlation", "All that came of one request or run"));
        var from = PointArgument.Option("--from", "The first position, time or day that counts");
        var to = PointArgument.Option("--to", "The last position, time or day that counts");
        var last = Last();
        var (reverse, follow) = (Flag("--reverse", "Newest first"), Flag(
            "--follow", "Go on with what happens; Ctrl-C ends it"));
        var (full, json) = (Flag("--full", "All that an event holds, and what it posts"), Flag(
            "--json", "One JSON document; with --follow one a line"));
        var server = Connection.ServerOption();
        var command = new Command("events", "What happened (事件): find events, or follow the log")
        {
            stream, category, type, correlation, from, to, last, reverse, follow, full, json, server,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(follow) && result.GetValue(reverse))
                result.AddError("--follow goes forwards; it does not go with --reverse.");
        });
        command.SetAction(async (parsed, cancellation) =>
        {
            var asked = new AskedEvents(
                parsed.GetValue(stream), parsed.GetValue(category), parsed.GetValue(type),
                parsed.GetValue(correlation), parsed.GetValue(from), parsed.GetValue(to));
            var client = Connection.AsAuditor(parsed.GetValue(server));
            var feed = new EventFeed(client, asked);
            var isOne = asked.From is not null && asked.From == asked.To;
            var people = parsed.GetValue(json) ? null : await People.Of(client, cancellation);
            var print = new EventOutput(
                asked, parsed.GetValue(json), parsed.GetValue(follow), parsed.GetValue(full) || isOne, people);
            await Run(
                feed, asked, print,
                parsed.GetValue(last) ?? (asked.From is null && asked.To is null ? LastUnlessGiven : null),
                parsed.GetValue(reverse), parsed.GetValue(follow), cancellation);
            return print.End();
        });
        return command;
    }

    private static async Task Run(
        EventFeed feed, AskedEvents asked, EventOutput print, int? last, bool reverse, bool follow,
        CancellationToken cancellation)
    {
        if (last is { } count)
        {
            var newest = await feed.Newest(count, reverse ? print.Write : null, cancellation);
            foreach (var one in newest)
                print.Write(one);
            if (follow)
                await feed.Follow($"{feed.Head + 1}", print.Write, cancellation);
        }
        else if (reverse)
            await feed.Newest(int.MaxValue, print.Write, cancellation);
        else if (follow)
            await feed.Follow(asked.From, print.Write, cancellation);
        else
            await feed.All(print.Write, cancellation);
    }

    private static Option<int?> Last()
    {
        var last = new Option<int?>("--last")
        {
            Description = $"Only the newest so many; {LastUnlessGiven} unless --from, --to or --last is given",
            HelpName = "COUNT",
        };
        last.Validators.Add(result =>
        {
            if (result.GetValue(last) is < 1 or > 1_000_000)
                result.AddError("--last lies between 1 and 1,000,000.");
        });
        return last;
    }

    private static Option<string?> Text(string name, string description) => new(name)
    {
        Description = description, HelpName = name[2..].ToUpperInvariant(),
    };

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
