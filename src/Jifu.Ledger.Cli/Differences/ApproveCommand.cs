using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Differences;

/// <summary><c>jifu differences approve</c>: one proposal, or all that a file has made.</summary>
internal static class ApproveCommand
{
    // Of a long file each row is booked by itself, and may ask a channel first.
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var (key, server) = (Connection.KeyOption(), Connection.ServerOption());
        var id = new Argument<string?>("difference")
        {
            Description = "Its id, as list shows it", Arity = ArgumentArity.ZeroOrOne,
        };
        var proposal = new Option<int?>("--proposal")
        {
            Description = "The number of the proposal, as show tells it", HelpName = "N",
        };
        var file = new Option<FileInfo>("--file")
        {
            Description = "Instead of one: all that this workbook or CSV file has proposed (differences import)",
            HelpName = "FILE",
        };
        file.AcceptFiles();
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var command = new Command(
            "approve", "Approve what another key proposed; exit code 1 when any of a file cannot be")
        {
            id, proposal, file, json, key, server,
        };
        command.Validators.Add(said =>
        {
            var ofOne = (said.GetResult(id)?.Tokens.Count > 0, said.GetResult(proposal) is not null);
            if (said.GetResult(file) is null ? ofOne != (true, true) : ofOne != (false, false))
                said.AddError("Name a difference and its --proposal, or a --file.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var (whose, where) = (parsed.GetValue(key), parsed.GetValue(server));
            return parsed.GetValue(file) is { } filled
                ? ApproveAll(
                    () => Connection.AsOperator(whose, where, Patience), filled, parsed.GetValue(json), cancellation)
                : DifferencesCommand.Post(
                    Connection.AsOperator(whose, where), "approve",
                    $"{Uri.EscapeDataString(parsed.GetValue(id)!)}/approvals",
                    new { proposal = parsed.GetValue(proposal) }, parsed.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> ApproveAll(
        Func<ApiClient> client, FileInfo filled, bool json, CancellationToken cancellation)
    {
        var done = await DifferenceFiles.Sent(client, filled, "approvals", "approve", cancellation);
        var failures = done["failures"]!.AsArray();
        if (json)
        {
            Console.WriteLine(done.ToJsonString(Answer.Readable));
            return failures.Count == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
        }

        foreach (var one in failures)
            Console.WriteLine(
                $"{one!.Text("cell")}: difference {one!.Text("difference")}: {one!.Text("code")}: "
                    + one!.Text("detail"));
        Console.WriteLine(
            $"{done["approved"]} approved, {done["already_there"]} were already, {done["blank"]} rows without an "
                + $"action, {failures.Count} not approved.");
        return failures.Count == 0 ? ExitCodes.Fine : ExitCodes.Wrong;
    }
}
