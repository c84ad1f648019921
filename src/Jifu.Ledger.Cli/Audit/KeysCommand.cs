using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu keys</c>: keys of colleagues, of those who check the books, and of programs.</summary>
internal static class KeysCommand
{
    private static readonly string[] Roles = ["merchant", "operator", "auditor", "event_writer", "ledger_node"];

    public static Command Create() => new("keys", "Who may sign: the list of all keys, and those of no merchant")
    {
        List(), Add(), Revoke(),
    };

    private static Command List()
    {
        var (server, json) = (Connection.ServerOption(), AuditCommand.JsonOption());
        var merchant = new Option<string?>("--merchant") { Description = "Only this merchant's", HelpName = "ID" };
        var role = new Option<string?>("--role") { Description = "Only keys of this role", HelpName = "ROLE" };
        role.AcceptOnlyFromAmong(Roles);
        var command = new Command(
            "list", "Every key, oldest first: whose, made by whom and when, and when it ended. Never a secret")
        {
            role, merchant, json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(server));
            var keys = new JsonArray();
            for (string? cursor = null; ;)
            {
                var reply = await client.Get(
                    "/v1/ops/keys" + Answer.Query(
                        ("role", parsed.GetValue(role)), ("merchant_id", parsed.GetValue(merchant)),
                        ("limit", "200"), ("cursor", cursor)),
                    cancellation);
                if (!reply.Ok)
                    return OpsCommands.Print(reply);
                foreach (var key in reply.Body!["items"]!.AsArray())
                    keys.Add(key!.DeepClone());
                cursor = reply.Body["next_cursor"]?.GetValue<string>();
                if (cursor is null)
                    break;
            }

            if (parsed.GetValue(json))
                Console.WriteLine(keys.ToJsonString(Answer.Readable));
            else
                Write(keys);
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Write(JsonArray keys)
    {
        var columns = new Columns(Ink.For(Terminal.Out), "key", "role", "for", "made by", "made at", "ended at");
        foreach (var key in keys)
        {
            var merchant = key!["merchant_id"] is { } id ? $" {Ink.Plain($"{id}")}" : "";
            columns.Add(
                key.Text("key_id"), $"{key.Text("role")}{merchant}", Ink.Plain($"{key["person"]}"),
                $"{key["made_by"] ?? "unknown"}", key.Time("made_at"),
                key["ended_at"] is null ? "" : key.Time("ended_at"));
        }

        columns.Write(Console.Out);
    }

    private static Command Add()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var role = new Option<string>("--role")
        {
            Description = "operator for a colleague, auditor reads everything, event_writer keeps its events here, "
                + "ledger_node writes ours",
        };
        role.AcceptOnlyFromAmong(Roles[1..]);
        role.Required = true;
        var person = new Option<string?>("--for")
        {
            Description = "Whose key it is: where two people are asked for, keys of one name are one person",
            HelpName = "NAME",
        };
        var command = new Command(
            "create", "Make a key and print it as JSON: kept as auditor.json in a home folder, jifu signs with it")
        {
            role, person, key, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                "/v1/ops/keys", new { role = parsed.GetValue(role), person = parsed.GetValue(person) }, null,
                cancellation)));
        return command;
    }

    private static Command Revoke()
    {
        var (own, server) = (Connection.KeyOption(), Connection.ServerOption());
        var key = new Argument<string>("id") { Description = "The key's id" };
        var command = new Command("revoke", "Let a colleague's, an auditor's or a program's key sign nothing more")
        {
            key, own, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsOperator(parsed.GetValue(own), parsed.GetValue(server)).Delete(
                $"/v1/ops/keys/{Uri.EscapeDataString(parsed.GetValue(key)!)}", cancellation);
            return reply.Ok ? ExitCodes.Fine : OpsCommands.Print(reply);
        });
        return command;
    }
}
