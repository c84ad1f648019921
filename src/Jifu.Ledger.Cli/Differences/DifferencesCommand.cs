using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Operations.Reconciliation.Differences;

namespace Jifu.Ledger.Cli.Differences;

/// <summary><c>jifu differences …</c>: what bills and books do not agree on, and what people do about it.</summary>
internal static class DifferencesCommand
{
    public static Command Create()
    {
        var command = Listing(
            "differences", "What bills and books do not agree on (差异处理); by itself the same as list");
        foreach (var part in new[]
        {
            Listing("list", "Those that still need somebody; exit code 1 when there are any"), Show(), Propose(),
            Reverse(), ApproveCommand.Create(), Reject(), DifferenceFiles.Export(), DifferenceFiles.Import(),
        })
            command.Add(part);
        return command;
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer in JSON" };

    private static Argument<string> Id() => new("difference") { Description = "Its id, as list shows it" };

    private static Option<string> Reason() => new("--reason")
    {
        Description = "Why, for whoever asks later", Required = true, HelpName = "TEXT",
    };

    private static Option<int> Proposal() => new("--proposal")
    {
        Description = "The number of the proposal, as show tells it", Required = true, HelpName = "N",
    };

    private static Command Listing(string name, string description)
    {
        var filter = new FilterOptions();
        var (json, key, server) = (Json(), Connection.ReadingKeyOption(), Connection.ServerOption());
        var command = new Command(name, description) { json, key, server };
        filter.AddTo(command, ofThePast: true);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(key), parsed.GetValue(server));
            var all = new JsonArray();
            string? after = null;
            do
            {
                var page = (await client.Get($"/v1/ops/differences{filter.Query(parsed, after)}", cancellation))
                    .Must("differences");
                foreach (var one in page["differences"]!.AsArray())
                    all.Add(one!.DeepClone());
                after = page["next"]?.GetValue<string>();
            }
            while (after is not null);

            if (parsed.GetValue(json))
                Console.WriteLine(new JsonObject { ["differences"] = all }.ToJsonString(Answer.Readable));
            else
                DifferencePrint.List(
                    (await People.Named(all, client, cancellation)).AsArray(), filter.IsGiven(parsed));
            return all.Count == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command Show()
    {
        var (id, json) = (Id(), Json());
        var (key, server) = (Connection.ReadingKeyOption(), Connection.ServerOption());
        var command = new Command("show", "A difference and all that happened to it") { id, json, key, server };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(key), parsed.GetValue(server));
            var story = Answer.Required(await client.Get(
                $"/v1/ops/differences/{Uri.EscapeDataString(parsed.GetValue(id)!)}", cancellation));
            if (parsed.GetValue(json))
                Console.WriteLine(story.ToJsonString(Answer.Readable));
            else
                DifferencePrint.Story(await People.Named(story, client, cancellation));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Propose()
    {
        var id = Id();
        var action = new Option<string>("--action") { Description = "What to do about it", Required = true };
        action.AcceptOnlyFromAmong("supplement", "adjust", "refund", "hold", "write_off");
        var account = Text("--account", "Of adjust: the account that takes it, such as channel_cost:wechatpay");
        var merchant = Text("--merchant", "Of supplement without an order of ours: who gets it");
        var owner = Text("--owner", "Of hold: who looks into it");
        var due = Text("--due", "Of hold: until when, yyyy-MM-dd");
        var refund = Text("--refund-number", "Of refund: the number that the bill will show");
        var amount = AmountOption();
        var version = new Option<int?>("--version-seen") { Description = "Refuse if it has changed since" };
        var reason = Reason();
        return Posting(
            "propose", "Propose how to close it; another key has to approve", id,
            [action, account, merchant, owner, due, refund, amount, reason, version], "proposals", parsed => new
            {
                action = parsed.GetValue(action), reason = parsed.GetValue(reason),
                account = parsed.GetValue(account), merchant = parsed.GetValue(merchant),
                owner = parsed.GetValue(owner), due = parsed.GetValue(due), refund_number = parsed.GetValue(refund),
                version = parsed.GetValue(version), amount = parsed.GetValue(amount),
            });
    }

    private static Option<long?> AmountOption() => new("--amount")
    {
        Description = "Of a correction (差错): what the channel owes us more by it, in yuan; -12.00 when it takes back",
        HelpName = "YUAN",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (RemedyForm.TryYuan(text, out var amount))
                return amount.MinorUnits;
            result.AddError($"{text} is no amount in yuan; write 12.00 or -12.00.");
            return null;
        },
    };

    private static Command Reverse()
    {
        var reason = Reason();
        return Posting(
            "reverse", "Propose to undo its closing; another key has to approve", Id(), [reason], "reversals",
            parsed => new { reason = parsed.GetValue(reason) });
    }

    private static Command Reject()
    {
        var (proposal, reason) = (Proposal(), Reason());
        return Posting(
            "reject", "Reject a proposal, or withdraw your own", Id(), [proposal, reason], "rejections",
            parsed => new { proposal = parsed.GetValue(proposal), reason = parsed.GetValue(reason) });
    }

    private static Option<string?> Text(string name, string description) => new(name) { Description = description };

    private static Command Posting(
        string name, string description, Argument<string> id, IReadOnlyList<Option> options, string path,
        Func<ParseResult, object> body)
    {
        var (json, key, server) = (Json(), Connection.KeyOption(), Connection.ServerOption());
        var command = new Command(name, description) { id };
        foreach (var option in options.Concat([json, key, server]))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server));
            return await Post(
                client, name, $"{Uri.EscapeDataString(parsed.GetValue(id)!)}/{path}", body(parsed),
                parsed.GetValue(json), cancellation);
        });
        return command;
    }

    internal static async Task<int> Post(
        ApiClient client, string name, string path, object body, bool json, CancellationToken cancellation)
    {
        var reply = await client.Post($"/v1/ops/differences/{path}", body, null, cancellation);
        var difference = reply.Must($"differences {name}");
        if (json)
            Console.WriteLine(difference.ToJsonString(Answer.Readable));
        else
            DifferencePrint.One(await People.Named(difference, client, cancellation));
        return ExitCodes.Fine;
    }
}
