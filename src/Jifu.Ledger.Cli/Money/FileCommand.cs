using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;

namespace Jifu.Ledger.Cli.Money;

/// <summary><c>jifu money file</c>: an imported file as it came, byte by byte.</summary>
internal static class FileCommand
{
    public static Command Create()
    {
        var sha256 = new Argument<string>("SHA256") { Description = "As jifu money imports tells it" };
        var output = new Option<string>("--out")
        {
            Description = "The folder to write to", DefaultValueFactory = _ => ".", HelpName = "FOLDER",
        };
        var server = Connection.ServerOption();
        var command = new Command("file", "Write an imported file as it came, byte by byte (原始文件)")
        {
            sha256, output, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get(
                $"/v1/ops/files/{Uri.EscapeDataString(parsed.GetRequiredValue(sha256))}", cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            Directory.CreateDirectory(parsed.GetValue(output)!);

            // A name is what somebody once called it, never a path.
            var name = Path.GetFileName(reply.FileName ?? "");
            var path = Path.Combine(parsed.GetValue(output)!, name is "" ? parsed.GetRequiredValue(sha256) : name);
            await WholeFile.Write(path, reply.Content, cancellation);
            Console.WriteLine(path);
            return ExitCodes.Fine;
        });
        return command;
    }
}
