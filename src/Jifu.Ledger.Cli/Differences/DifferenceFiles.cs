using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;
using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Cli.Differences;

/// <summary><c>jifu differences export</c> and <c>import</c>: the open differences as a workbook or CSV file, and
/// back.</summary>
internal static class DifferenceFiles
{
    public static Command Export()
    {
        var (key, server) = (Connection.ReadingKeyOption(), Connection.ServerOption());
        var output = new Option<string?>("--out")
        {
            Description = "The file to write; differences.xlsx or differences.csv unless given", HelpName = "FILE",
        };
        var format = new Option<string?>("--format")
        {
            Description = "xlsx or csv; otherwise as --out ends", HelpName = "FORMAT",
        }.AcceptOnlyFromAmong("xlsx", "csv");
        var profile = new Option<string?>("--profile")
        {
            Description = "Of csv: for whom it is, excel (unless given), gb18030 or machine", HelpName = "PROFILE",
        }.AcceptOnlyFromAmong("machine", "excel", "gb18030");
        var filter = new FilterOptions();
        var command = new Command("export", "The differences that need somebody as a file, to be filled in")
        {
            output, format, profile, key, server,
        };
        filter.AddTo(command, ofThePast: false);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(output);
            var kind = parsed.GetValue(format) ?? KindOf(name ?? "differences.xlsx");
            var whose = parsed.GetValue(profile);
            var query = WithProfile(filter.Query(parsed), whose, kind);
            var reply = await Connection.AsAuditor(parsed.GetValue(key), parsed.GetValue(server)).Get(
                $"/v1/ops/differences.{kind}{query}", cancellation);
            if (!reply.Ok)
                reply.Must("differences export");
            var path = Path.GetFullPath(name ?? $"differences.{kind}");
            await WholeFile.Write(path, reply.Content, cancellation);
            var (action, reason) = whose is "machine" ? ("action", "reason") : ("处理 (action)", "处理原因 (reason)");
            Console.WriteLine($"{path}: fill in {action}, {reason} and what else it needs, then "
                + $"jifu differences import {path}");
            return ExitCodes.Fine;
        });
        return command;
    }

    private static string WithProfile(string query, string? profile, string kind) => profile is null ? query
        : kind == "csv" ? $"{query}{(query.Length == 0 ? '?' : '&')}profile={profile}"
        : throw new CommandFailedException(ExitCodes.Usage, "--profile is of CSV: say --format csv.");

    private static string KindOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        ".xlsx" => "xlsx",
        ".csv" => "csv",
        _ => throw new CommandFailedException(
            ExitCodes.Usage, $"{name} ends neither with .xlsx nor with .csv: say --format."),
    };

    public static Command Import()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var file = new Argument<FileInfo>("file") { Description = "The workbook or CSV file, filled in" };
        file.AcceptFiles();
        var command = new Command("import", "Propose what a filled-in file says: all of it, or nothing")
        {
            file, json, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var filled = parsed.GetValue(file)!;
            var done = await Sent(
                () => Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)), filled, "proposals",
                "import", cancellation);
            Console.WriteLine(parsed.GetValue(json)
                ? done.ToJsonString(Answer.Readable)
                : $"{done["proposed"]} proposals, {done["already_there"]} were there already, "
                    + $"{done["blank"]} rows without an action.");
            return ExitCodes.Fine;
        });
        return command;
    }

    internal static async Task<JsonNode> Sent(
        Func<ApiClient> client, FileInfo filled, string path, string name, CancellationToken cancellation)
    {
        var content = await File.ReadAllBytesAsync(filled.FullName, cancellation);
        if (!OrderSheet.IsWorkbook(filled.FullName) && content.Contains((byte)0))
            throw new CommandFailedException(
                ExitCodes.Usage, $"{filled.Name} is neither an Excel workbook (.xlsx) nor CSV.");
        return (await client().PostFile(
            $"/v1/ops/differences/{path}?file_name={Uri.EscapeDataString(filled.Name)}", content, cancellation))
            .Must($"differences {name}");
    }
}
