using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO.Compression;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Ops;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu audit export</c>: events as an archive that proves itself.</summary>
internal static class ExportCommand
{
    /// <summary>Before the first byte the server signs where the log stands, for which it hashes what is new.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    // But for a range it hashes the whole log.
    private static readonly TimeSpan LongPatience = TimeSpan.FromHours(1);

    public static Command Create()
    {
        var server = Connection.ServerOption();
        var file = new Option<FileInfo>("--out")
        {
            Description = "The zip to write", Required = true, HelpName = "FILE.zip",
        };
        var stream = new Option<string>("--stream") { Description = "One stream", HelpName = "STREAM" };
        var day = OpsCommands.DayOption(required: false);
        day.Description = "What was recorded on a day in Shanghai, and a minute on either side";
        var (from, to) = (Position("--from", "A range: its first position"), Position(
            "--to", "A range: its last position; the log's last unless given"));
        var all = new Option<bool>("--all") { Description = "The whole log" };
        var force = new Option<bool>("--force") { Description = "Write over FILE.zip when it is there already" };
        var command = new Command("export", "Write a stream, a day, a range or the whole log as an archive")
        {
            file, stream, day, from, to, all, force, server,
        };
        command.Validators.Add(result =>
        {
            if (new[] { Given(result, stream), Given(result, day), Given(result, from) || Given(result, to),
                Given(result, all) }.Count(given => given) != 1)
                result.AddError("Say one of --stream, --day, --from with --to, or --all.");
        });
        command.SetAction((parsed, cancellation) =>
        {
            var what = parsed.GetValue(stream) is { } name ? $"kind=stream&stream={Uri.EscapeDataString(name)}"
                : parsed.GetValue(day) is { } date ? $"kind=day&day={date}"
                : parsed.GetValue(all) ? "kind=all"
                : Range(parsed.GetValue(from) ?? 0, parsed.GetValue(to));
            MustBeFree(parsed.GetValue(file)!, parsed.GetValue(force));
            return Export(
                Connection.AsAuditor(parsed.GetValue(server), answer: LongPatience), what, parsed.GetValue(file)!,
                cancellation);
        });
        return command;
    }

    private static Option<long?> Position(string name, string description) => new(name)
    {
        Description = description, HelpName = "POSITION",
        CustomParser = result =>
        {
            var written = result.Tokens[0].Value;
            if (long.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
                return position;
            result.AddError(
                $"{name}: '{written}' is no position. Write a number, such as 12345; jifu events tells which stands "
                + "at a time. A whole day is --day.");
            return null;
        },
    };

    private static string Range(long from, long? to) => to is { } last
        ? string.Create(CultureInfo.InvariantCulture, $"kind=range&from={from}&to={last}")
        : string.Create(CultureInfo.InvariantCulture, $"kind=range&from={from}");

    // An archive is evidence: nobody wants the older one gone by a slip.
    private static void MustBeFree(FileInfo file, bool force)
    {
        if (file.Exists && !force)
            throw new CommandFailedException(
                ExitCodes.Usage, $"{file} is there already. Name another file, or say --force to write over it.");
    }

    private static async Task<int> Export(
        ApiClient client, string what, FileInfo file, CancellationToken cancellation)
    {
        var code = ExitCodes.Fine;
        if (!await WholeFile.Write(file.FullName, async stream =>
        {
            var reply = await Shown(() => client.Download($"/v1/ops/audit/export?{what}", stream, cancellation));
            if (!reply.Ok)
            {
                code = OpsCommands.Print(reply);
                return false;
            }

            stream.Position = 0;
            MustBeWhole(stream);
            return true;
        }))
            return code;
        file.Refresh();
        Console.WriteLine(file.FullName);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{file.Length:N0} bytes"));
        return ExitCodes.Fine;
    }

    private static Task<T> Shown<T>(Func<Task<T>> download) => Console.IsErrorRedirected
        ? download()
        : Terminal.Errors.Status().StartAsync(
            "The server hashes the log, some seconds for each million events, and sends what was asked for",
            _ => download());

    private static void MustBeWhole(Stream stream)
    {
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.GetEntry("manifest.sig") is not null)
                return;
        }
        catch (InvalidDataException)
        {
            // Said below.
        }

        throw new CommandFailedException(
            ExitCodes.Unreachable, "The download broke off, or the server could not finish it; nothing was kept.");
    }

    private static bool Given(CommandResult command, Option option) =>
        command.GetResult(option) is { Implicit: false };
}
