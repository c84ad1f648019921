using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Cli.Differences;

/// <summary><c>jifu differences export</c> and <c>import</c>: the open differences as a workbook, to Excel and
/// back.</summary>
internal static class DifferenceFiles
{
    public static Command Export()
    {
        var server = Connection.ServerOption();
        var output = new Option<string>("--out")
        {
            Description = "The workbook to write", DefaultValueFactory = _ => "differences.xlsx", HelpName = "FILE",
        };
        output.Validators.Add(result =>
        {
            if (!result.GetRequiredValue(output).EndsWith(".xlsx", StringComparison.OrdinalIgnoreCase))
                result.AddError("--out names an Excel workbook: FILE.xlsx.");
        });
        var filter = new FilterOptions();
        var command = new Command("export", "The differences that need somebody as an Excel workbook, to be filled in")
        {
            output, server,
        };
        filter.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get(
                $"/v1/ops/differences.xlsx{filter.Query(parsed)}", cancellation);
            if (!reply.Ok)
                reply.Must("differences export");
            var path = Path.GetFullPath(parsed.GetValue(output)!);
            await WholeFile.Write(path, reply.Content, cancellation);
            Console.WriteLine(
                $"{path}: fill in 处理 (action) and what it needs, then jifu differences import {path}");
            return ExitCodes.Fine;
        });
        return command;
    }

    public static Command Import()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var file = new Argument<FileInfo>("file") { Description = "The workbook, filled in" };
        file.AcceptFiles();
        var command = new Command("import", "Propose what a filled-in workbook says: all of it, or nothing")
        {
            file, json, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var workbook = parsed.GetValue(file)!;
            if (!OrderSheet.IsWorkbook(workbook.FullName))
                throw new CommandFailedException(ExitCodes.Usage, $"{workbook.Name} is no Excel workbook (.xlsx).");
            var reply = await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).PostFile(
                $"/v1/ops/differences/proposals?file_name={Uri.EscapeDataString(workbook.Name)}",
                await File.ReadAllBytesAsync(workbook.FullName, cancellation), cancellation);
            var done = reply.Must("differences import");
            Console.WriteLine(parsed.GetValue(json)
                ? done.ToJsonString(Answer.Readable)
                : $"{done["proposed"]} proposals, {done["already_there"]} were there already, "
                    + $"{done["blank"]} rows without an action.");
            return ExitCodes.Fine;
        });
        return command;
    }
}
