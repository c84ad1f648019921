using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu keys</c>: keys of colleagues, of those who check the books, and of programs.</summary>
internal static class KeysCommand
{
    public static Command Create() => new("keys", "Keys that belong to no merchant") { Add(), Revoke() };

    private static Command Add()
    {
        var server = Connection.ServerOption();
        var role = new Option<string>("--role")
        {
            Description = "operator for a colleague, auditor reads everything, event_writer keeps its events here, "
                + "ledger_node writes ours",
        };
        role.AcceptOnlyFromAmong("operator", "auditor", "event_writer", "ledger_node");
        role.Required = true;
        var command = new Command(
            "create", "Make a key and print it as JSON: kept as auditor.json in a home folder, jifu signs with it")
        {
            role, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(server)).Post(
                "/v1/ops/keys", new { role = parsed.GetValue(role) }, null, cancellation)));
        return command;
    }

    private static Command Revoke()
    {
        var server = Connection.ServerOption();
        var key = new Argument<string>("key") { Description = "The key's id" };
        var command = new Command("revoke", "Let a colleague's, an auditor's or a program's key sign nothing more")
        {
            key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsOperator(parsed.GetValue(server)).Delete(
                $"/v1/ops/keys/{Uri.EscapeDataString(parsed.GetValue(key)!)}", cancellation);
            return reply.Ok ? ExitCodes.Fine : OpsCommands.Print(reply);
        });
        return command;
    }
}
