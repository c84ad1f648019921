using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu audit verify</c>: an archive, with nothing but a public key; or, with <c>--live</c>, the log of the
/// running server.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var (server, json) = (Connection.ServerOption(), AuditCommand.JsonOption());
        var archive = new Argument<FileInfo?>("archive")
        {
            Description = "The zip to check; needs no server", Arity = ArgumentArity.ZeroOrOne,
        };
        var key = Files("--key", "Public keys (PEM) whose signatures to believe; got apart from the archive");
        var checkpoint = Files("--checkpoint", "Checkpoints kept elsewhere, to hold against the archive");
        var live = new Option<bool>("--live") { Description = "Check the running server's whole log instead" };
        var command = new Command(
            "verify", "Check an archive, or the log, and name the first position that is not as it was written")
        {
            archive, key, checkpoint, live, json, server,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(live) == result.GetValue(archive) is not null)
                result.AddError("Name an archive, or say --live.");
            else if (!result.GetValue(live) && result.GetValue(key) is not { Length: > 0 })
                result.AddError("Say with --key whose signatures to believe: jifu audit key prints the ledger's own.");
        });
        command.SetAction(async (parsed, cancellation) => parsed.GetValue(live)
            ? await Live(parsed.GetValue(server), parsed.GetValue(json), cancellation)
            : Offline(
                parsed.GetValue(archive)!, parsed.GetValue(key)!, parsed.GetValue(checkpoint) ?? [],
                parsed.GetValue(json)));
        return command;
    }

    private static int Offline(FileInfo archive, FileInfo[] keys, FileInfo[] checkpoints, bool json)
    {
        var known = keys.SelectMany(file => Read(file, EvidenceKey.ReadFile)).ToList();
        var outside = checkpoints.SelectMany(file => Read(file, bytes => SignedCheckpoint.ReadFile(bytes))).ToList();
        try
        {
            using var stream = new FileStream(archive.FullName, FileMode.Open, FileAccess.Read);
            var report = ArchiveCheck.Run(stream, known, outside);
            return VerifyPage.Write(VerifyPage.Of(report), json);
        }
        catch (Exception e) when (e is NoArchiveException or UnknownArchiveVersionException or IOException
            or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"{archive}: {e.Message}");
        }
    }

    private static async Task<int> Live(Uri? server, bool json, CancellationToken cancellation)
    {
        var reply = await Connection.AsAuditor(server, answer: ExportCommand.Patience).Get(
            "/v1/ops/audit/verification", cancellation);
        return reply.Ok ? VerifyPage.Write(reply.Body!.AsObject(), json) : OpsCommands.Print(reply);
    }

    private static IReadOnlyList<T> Read<T>(FileInfo file, Func<byte[], IReadOnlyList<T>> parse)
    {
        try
        {
            return parse(File.ReadAllBytes(file.FullName));
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCodes.Usage, $"{file}: {e.Message}");
        }
    }

    private static Option<FileInfo[]> Files(string name, string description) => new(name)
    {
        Description = description, HelpName = "FILE", AllowMultipleArgumentsPerToken = true,
    };
}
