using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money preview</c> and <c>jifu money statement</c>: a bank's statement, first looked at, then
/// imported.</summary>
internal static class StatementCommands
{
    public static Command Preview()
    {
        var (file, account, mapping) = (File(), Account(), Mapping("Read it by this mapping, a JSON file"));
        var output = new Option<string?>("--out")
        {
            Description = "Write the mapping to this file, to look at and change", HelpName = "FILE",
        };
        var (json, key, server) = (Json(), Connection.KeyOption(), Connection.ServerOption());
        var command = new Command(
            "preview", "Show how a bank's statement would be read: guessed, given, or as saved (试读)")
        {
            file, account, mapping, output, json, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var from = parsed.GetRequiredValue(file);
            var given = parsed.GetValue(mapping) is { } by
                ? JsonSerializer.Serialize((await PersonsJson.Read(by, cancellation)).Value())
                : null;
            var reply = await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).PostFile(
                $"/v1/ops/bank/{Uri.EscapeDataString(parsed.GetRequiredValue(account))}/preview" + Answer.Query(
                    ("file_name", from.Name), ("mapping", given)),
                await System.IO.File.ReadAllBytesAsync(from.FullName, cancellation), cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            var guessed = reply.Body!["mapping"]!.ToJsonString(Answer.Readable);
            if (parsed.GetValue(output) is { } path)
                await System.IO.File.WriteAllTextAsync(path, guessed + "\n", cancellation);
            if (parsed.GetValue(json))
                Console.WriteLine(reply.Body!.ToJsonString(Answer.Readable));
            else
                Write(reply.Body!, guessed);
            return reply.Body!.Text("flaw").Length > 0 ? ExitCodes.Wrong : ExitCodes.Fine;
        });
        return command;
    }

    public static Command Import()
    {
        var (file, account) = (File(), Account());
        var mapping = Mapping("Save this mapping for the account first, a JSON file");
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var command = new Command("statement", "Import a bank's statement by the account's saved mapping (导入对账单)")
        {
            file, account, mapping, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var written = parsed.GetValue(mapping) is { } by ? await PersonsJson.Read(by, cancellation) : null;
            var client = Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server));
            var name = Uri.EscapeDataString(parsed.GetRequiredValue(account));
            if (written is not null)
            {
                var saved = await client.Put($"/v1/ops/bank/{name}/mapping", written.Value(), cancellation);
                if (!saved.Ok)
                    return OpsCommands.Print(saved);
            }

            var from = parsed.GetRequiredValue(file);
            return OpsCommands.Print(await client.PostFile(
                $"/v1/ops/bank/{name}/statements" + Answer.Query(("file_name", from.Name)),
                await System.IO.File.ReadAllBytesAsync(from.FullName, cancellation), cancellation));
        });
        return command;
    }

    private static void Write(JsonNode preview, string mapping)
    {
        var ink = Ink.For(Terminal.Out);
        if (preview.Text("misfit") is { Length: > 0 } misfit)
            Console.WriteLine(ink.Red($"The saved mapping does not fit, and another one is guessed: {misfit}"));
        Console.WriteLine(preview["is_saved"]!.GetValue<bool>() ? "The saved mapping:" : "The mapping (not saved):");
        Console.WriteLine(mapping);
        if (preview.Text("flaw") is { Length: > 0 } flaw)
        {
            Console.WriteLine(ink.Red($"It does not read the file yet: {flaw}"));
            Console.WriteLine("Write it to a file with --out, change it, and look again with --mapping.");
            return;
        }

        var columns = new Columns(ink, "line>", "at", "amount>", "balance>", "reference", "counterparty", "note");
        foreach (var line in preview["lines"]!.AsArray())
        {
            columns.Add(
                line!["line_no"]!.ToString(), line!.Text("at"), Answer.Change(line!.Number("amount"), "CNY"),
                line!["balance"] is { } balance ? Answer.Amount(balance.GetValue<long>(), "CNY") : "",
                line!.Text("reference"), line!.Text("counterparty"), line!.Text("note"));
        }

        columns.Write(Console.Out);
        Console.WriteLine($"{preview["count"]} lines in all.");
        if (preview.Text("break") is { Length: > 0 } found)
            Console.WriteLine(ink.Red($"The balances do not follow from each other: {found}"));
    }

    private static Argument<FileInfo> File()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The statement, CSV or Excel" };
        file.AcceptFiles();
        return file;
    }

    private static Option<string> Account() => new("--account")
    {
        Description = "Our name for the bank account", Required = true, HelpName = "ACCOUNT",
    };

    private static Option<FileInfo?> Mapping(string description)
    {
        var mapping = new Option<FileInfo?>("--mapping") { Description = description, HelpName = "FILE" };
        mapping.Validators.Add(result =>
        {
            if (result.GetValue(mapping) is { Exists: false } missing)
                result.AddError($"{missing} does not exist.");
        });
        return mapping;
    }

    private static Option<bool> Json() => new("--json") { Description = "Answer in JSON; amounts in minor units" };
}
