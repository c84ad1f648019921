using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money confirm</c>, <c>unmatch</c>, <c>explain</c>, <c>approve</c> and <c>reject</c>: what people
/// say about the bank's lines.</summary>
internal static class LineCommands
{
    public static Command Confirm()
    {
        var (to, with) = (Movements(isRequired: true), OtherLines());
        return OfLine(
            "confirm", "Say what a line is (人工勾对); by another person than who brought it, when it books money",
            "match", [to, with], parsed => [.. Said(parsed, to, "to"), .. Said(parsed, with, "with")],
            "is confirmed; jifu money open tells what is open now.");
    }

    public static Command Unmatch()
    {
        var reason = Reason("Why it is something else");
        return OfLine(
            "unmatch",
            "Say that a line is not what it was taken for, and take back what was booked by it, if anything (取消勾对)",
            "unmatch", [reason], parsed => [("reason", parsed.GetValue(reason))],
            "is taken for nothing any more; money that was booked by it, if any, is taken back; jifu money open tells "
            + "what is open now.");
    }

    public static Command Explain()
    {
        var (to, with, reason) = (Movements(isRequired: false), OtherLines(), Reason("How that is known"));
        var account = new Option<string>("--as")
        {
            Description = "The account to which belongs what the line is beyond the movements: bank_fee, "
                + "bank_interest, own_transfer, bank_suspense, channel_receivable:CHANNEL, channel_cost:CHANNEL or "
                + "difference_result:CHANNEL",
            Required = true, HelpName = "ACCOUNT",
        };
        return OfLine(
            "explain",
            "Propose the account of what a line is beyond what was expected: a fee, interest, a transfer of one's own, "
            + "or what came too little (说明流水差额); another person approves it",
            "explain", [account, reason, to, with],
            parsed =>
            [
                ("as", parsed.GetValue(account)), ("reason", parsed.GetValue(reason)), .. Said(parsed, to, "to"),
                .. Said(parsed, with, "with"),
            ],
            null);
    }

    public static Command Approve() => OfExplanation(
        "approve", "Approve an explanation that another person proposed; it is booked then (批准说明)", null,
        "is approved and booked; jifu money unmatch takes it back.", Warn);

    public static Command Reject() => OfExplanation(
        "reject", "Reject an explanation, or withdraw one's own (驳回说明)", Reason("Why not"), "is rejected.");

    private static Option<string[]> Movements(bool isRequired) => new("--to")
    {
        Description = "What it is, as money open tells it: funds:wechatpay:2026-11-20; again for each of several. "
            + "A payout that came back (退汇): returned: and our number of the payout",
        Required = isRequired, AllowMultipleArgumentsPerToken = true, HelpName = "ID",
    };

    private static Option<string[]> OtherLines() => new("--with")
    {
        Description = "Another line with which it is one movement, or one thing that was not expected, such as a fee "
            + "and its reversal; again for each of several",
        AllowMultipleArgumentsPerToken = true, HelpName = "LINE",
    };

    private static Option<string> Reason(string description) => new("--reason")
    {
        Description = description, Required = true, HelpName = "TEXT",
    };

    private static IEnumerable<(string, string?)> Said(ParseResult parsed, Option<string[]> option, string name) =>
        (parsed.GetValue(option) ?? []).Select(id => (name, (string?)id));

    /// <param name="done">What is told of the line when it is done; null for the server's own answer.</param>
    private static Command OfLine(
        string name, string description, string verb, IReadOnlyList<Option> said,
        Func<ParseResult, (string, string?)[]> query, string? done)
    {
        var line = new Argument<string>("LINE") { Description = "The line's id, as the API and --json tell it" };
        var account = new Option<string>("--account")
        {
            Description = "The bank account", Required = true, HelpName = "NAME",
        };
        return Told(
            new(name, description) { line, account }, said,
            parsed => $"/v1/ops/bank/{Uri.EscapeDataString(parsed.GetRequiredValue(account))}/lines/"
                + $"{parsed.GetValue(line)}/{verb}"
                + Answer.Query(query(parsed)),
            parsed => done is null ? null : $"{parsed.GetValue(line)} {done}");
    }

    // Who approves has perhaps not seen the list. A server of before has none of waiting ones by itself.
    private static async Task Warn(ApiClient client, ParseResult parsed, CancellationToken cancellation)
    {
        var waiting = await client.Get("/v1/ops/bank/explanations", cancellation);
        var warning = (waiting.Ok ? waiting.Body as JsonArray : null)?
            .FirstOrDefault(one => one!.Text("id") == parsed.GetValue<string>("ID")) is { } one
                ? BankCommands.Warning(one)
                : null;
        if (warning is not null)
            await Console.Error.WriteLineAsync(warning);
    }

    private static Command OfExplanation(
        string verb, string description, Option<string>? reason, string done,
        Func<ApiClient, ParseResult, CancellationToken, Task>? before = null)
    {
        var id = new Argument<string>("ID") { Description = "Its id, as money explain and money open tell it" };
        return Told(
            new(verb, description) { id }, reason is null ? [] : [reason],
            parsed => $"/v1/ops/bank/explanations/{parsed.GetValue(id)}/{verb}"
                + (reason is null ? "" : Answer.Query(("reason", parsed.GetValue(reason)))),
            parsed => $"{parsed.GetValue(id)} {done}", before);
    }

    private static Command Told(
        Command command, IReadOnlyList<Option> said, Func<ParseResult, string> path, Func<ParseResult, string?> done,
        Func<ApiClient, ParseResult, CancellationToken, Task>? before = null)
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        foreach (var option in said.Concat([key, server]))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server));
            if (before is not null)
                await before(client, parsed, cancellation);
            var reply = await client.Post(path(parsed), null, null, cancellation);
            if (!reply.Ok || done(parsed) is not { } told)
                return OpsCommands.Print(reply);
            Console.WriteLine(told);
            return ExitCodes.Fine;
        });
        return command;
    }
}
