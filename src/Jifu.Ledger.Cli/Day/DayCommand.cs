using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Spectre.Console;

namespace Jifu.Ledger.Cli.Day;

/// <summary><c>jifu day</c>: a whole business day against a running server.</summary>
internal static class DayCommand
{
    // Somebody may kill the server in the middle of the day and start it again: the play goes on.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static Command Create()
    {
        var payments = new Option<int>("--payments")
        {
            Description = "How many orders", DefaultValueFactory = _ => 500, HelpName = "COUNT",
        };
        payments.Validators.Add(result => Within(result, payments, 1, 1_000_000));
        var refundRate = RefundRate();
        var differences = new Option<int>("--differences")
        {
            Description = "How many differences to plant in the channel's bill", DefaultValueFactory = _ => 6,
            HelpName = "COUNT",
        };
        differences.Validators.Add(result => Within(result, differences, 0, 1000));
        var seed = new Option<int>("--seed")
        {
            Description = "The same seed plays the same orders on the same day", DefaultValueFactory = _ => 1,
            HelpName = "NUMBER",
        };
        var output = new Option<string>("--out")
        {
            Description = "The folder for the finance files", DefaultValueFactory = _ => Path.Combine(
                HomeFiles.Default.Folder, "downloads"),
            HelpName = "FOLDER",
        };
        var json = new Option<bool>("--json") { Description = "One JSON document instead of the page" };
        var server = Connection.ServerOption();
        var command = new Command(
            "day",
            "Play a business day in the sandbox over HTTP: orders, refunds, T+0, closing, reconciliation, download")
        {
            payments, refundRate, differences, seed, output, json, server,
        };
        command.SetAction((parsed, cancellation) => Run(
            new(
                parsed.GetValue(payments), parsed.GetValue(refundRate), parsed.GetValue(differences),
                parsed.GetValue(seed), Path.GetFullPath(parsed.GetValue(output)!)),
            parsed.GetValue(server), parsed.GetValue(json), cancellation));
        return command;
    }

    private static Option<double> RefundRate()
    {
        var option = new Option<double>("--refund-rate")
        {
            Description = "The share of paid orders that are refunded, 0 to 1", DefaultValueFactory = _ => 0.05,
            HelpName = "RATE",
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is not (>= 0 and <= 1))
                result.AddError("--refund-rate lies between 0 and 1.");
        });
        return option;
    }

    private static async Task<int> Run(DayOptions options, Uri? server, bool json, CancellationToken cancellation)
    {
        var client = Connection.AsOperator(server, Patience);
        using var run = new DayRun(HomeFiles.Default, client, options);
        var played = await WithProgress(progress => run.Play(progress, cancellation));
        var books = await new DayBooks(client, run, options).Close(played.Day, cancellation);
        run.Forget();
        if (json)
            Console.WriteLine(DayPage.Json(played, books).ToJsonString(new() { WriteIndented = true }));
        else
            DayPage.Write(Terminal.Out, played, books);
        return books.Right ? ExitCodes.Fine : ExitCodes.Wrong;
    }

    private static Task<DayPlayed> WithProgress(Func<IProgress<double>, Task<DayPlayed>> play) =>
        Terminal.Errors.Progress().AutoClear(true).StartAsync(async context =>
        {
            var task = context.AddTask("playing the day", maxValue: 1);
            return await play(new Told(done => task.Value = done));
        });

    private static void Within(
        System.CommandLine.Parsing.OptionResult result, Option<int> option, int least, int most)
    {
        if (result.GetValue(option) is var value && (value < least || value > most))
            result.AddError($"{option.Name} lies between {least} and {most}.");
    }

    /// <summary>Progress told at once, in the caller's thread.</summary>
    private sealed class Told(Action<double> tell) : IProgress<double>
    {
        public void Report(double value) => tell(value);
    }
}
