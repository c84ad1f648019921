using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Projections;

/// <summary><c>jifu projections</c>: how far the read models are; making, checking and mending them.</summary>
internal static class ProjectionsCommand
{
    public static Command Create() => new(
        "projections", "The read models (读模型): how far they are; check them; make one again; go past an event")
    {
        List(), RebuildCommand.Rebuild(), RebuildCommand.Check(), Skip(),
    };

    private static Command List()
    {
        var server = Connection.ServerOption();
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var command = new Command("list", "How far each read model has come, and which has stopped")
        {
            json, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get("/v1/ops/projections", cancellation);
            if (!reply.Ok || parsed.GetValue(json))
                return OpsCommands.Print(reply);
            return ProjectionsTable.Write(Terminal.Out, reply.Body!.AsArray()) ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }

    private static Command Skip()
    {
        var name = RebuildCommand.NameArgument();
        var position = new Option<long>("--position")
        {
            Description = "Of the event at which it has stopped", Required = true, HelpName = "P",
        };
        var reason = new Option<string>("--reason")
        {
            Description = "Why; recorded in the log for good", Required = true, HelpName = "TEXT",
        };
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var command = new Command(
            "skip", "Leave the event out that a read model (or all of them) cannot apply, now and in every rebuild")
        {
            name, position, reason, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server));
            var body = new { position = parsed.GetValue(position), reason = parsed.GetValue(reason) };
            foreach (var one in ReadModels.Projections.All.Select(known => known.Name)
                .Where(known => parsed.GetValue(name) is var given && (given == "all" || given == known)))
            {
                var reply = await client.Post($"/v1/ops/projections/{one}/skips", body, null, cancellation);
                if (!reply.Ok)
                    return OpsCommands.Print(reply);
                Console.WriteLine(FormattableString.Invariant(
                    $"{one}: the event at {body.position} is left out; it goes on within a second."));
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
