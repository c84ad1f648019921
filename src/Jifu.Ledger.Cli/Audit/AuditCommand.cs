using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu audit</c>: what proves the log, and checks the proof.</summary>
internal static class AuditCommand
{
    public static Command Create() => new("audit", "Prove the log (存证): checkpoints, archives, their verification")
    {
        Checkpoints(), Checkpoint(), Key(), ExportCommand.Create(), VerifyCommand.Create(),
    };

    private static Command Checkpoints()
    {
        var (server, json) = (Connection.ServerOption(), JsonOption());
        var last = new Option<int>("--last")
        {
            Description = "How many, newest first", DefaultValueFactory = _ => 20, HelpName = "COUNT",
        };
        var full = new Option<bool>("--full") { Description = "Print each as it is signed, to keep or to print out" };
        var command = new Command("checkpoints", "List the signed checkpoints of the log") { last, full, json, server };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get(
                $"/v1/ops/audit/checkpoints?limit={parsed.GetValue(last)}", cancellation);
            if (!reply.Ok || parsed.GetValue(json))
                return OpsCommands.Print(reply);
            var all = reply.Body!.AsArray();
            if (parsed.GetValue(full))
                Console.Write(string.Join('\n', all.Select(one => $"{one!["text"]}")));
            else
                foreach (var one in all)
                    Console.WriteLine(Line(one!));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Checkpoint()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var command = new Command("checkpoint", "Take a checkpoint now, and print it as it is signed")
        {
            key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsOperator(
                parsed.GetValue(key), parsed.GetValue(server), ExportCommand.Patience);
            var reply = await client.Post("/v1/ops/audit/checkpoints", null, null, cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            Console.Write($"{reply.Body!["text"]}");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static Command Key()
    {
        var (server, all) = (Connection.ServerOption(), new Option<bool>("--all"));
        all.Description = "Those before it, too";
        var command = new Command(
            "key", "Print the public key that checkpoints are signed with; its id on standard error")
        {
            all, server, Rotate(),
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get("/v1/ops/audit/keys", cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            var keys = reply.Body!.AsArray().Where(key => parsed.GetValue(all) || key!["current"]!.GetValue<bool>())
                .ToList();
            foreach (var key in keys)
                Print(key!);
            if (keys.Count == 0)
                Console.Error.WriteLine("The server has no such key: checkpoint.key is missing in its home folder");
            return keys.Count == 0 ? ExitCodes.Wrong : ExitCodes.Fine;
        });
        return command;
    }

    private static Command Rotate()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var sm2 = new Option<bool>("--sm2") { Description = "Make an SM2 key (国密); otherwise RSA" };
        var command = new Command("rotate", "Sign with a new key from now on; print its public half")
        {
            sm2, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                $"/v1/ops/audit/keys/rotation?algorithm={(parsed.GetValue(sm2) ? "sm2" : "rsa")}", null, null,
                cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            Print(reply.Body!);
            return ExitCodes.Fine;
        });
        return command;
    }

    public static Option<bool> JsonOption() => new("--json") { Description = "Answer in JSON" };

    private static void Print(JsonNode key)
    {
        Console.Error.WriteLine($"key {key["key_id"]} ({key["algorithm"]})");
        Console.Write($"{key["public_key"]}");
    }

    private static string Line(JsonNode one) =>
        $"{one["at"]!.GetValue<DateTimeOffset>().UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  position {one["position"],-12} "
        + $"key {one["key_id"]}  {one["reason"]}";
}
