using System.CommandLine;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Cli.Bills;

/// <summary><c>jifu bill …</c>: looks at bill files (账单) without touching the ledger.</summary>
internal static class BillCommand
{
    public static Command Create() => new("bill", "Look at channels' bill files (账单)") { Show() };

    private static Command Show()
    {
        var file = new Argument<FileInfo>("FILE")
        {
            Description = "The bill, as the channel gave it: csv, txt, zip, gz, fileContent",
        };
        file.AcceptFiles();
        var channel = new Option<string?>("--channel") { Description = "Refuse it unless it is this channel's" };
        channel.AcceptOnlyFromAmong(
            [.. Enum.GetValues<Channel>().Where(known => known != Channel.None).Select(known => known.Name())]);
        var day = new Option<string?>("--day")
        {
            Description = "Refuse it unless it is of this day, yyyy-MM-dd; UnionPay's need it when their name is lost",
        };
        day.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string?>() is { } text && !BusinessDay.TryParse(text, out _))
                given.AddError($"{text} is no day such as 2026-11-20.");
        });
        var merchant = new Option<string?>("--merchant")
        {
            Description = "Refuse it unless every row is of this merchant number at the channel",
        };
        var json = new Option<bool>("--json") { Description = "Answer in JSON; amounts in minor units" };

        var show = new Command("show", "Sum a bill up, whichever it is, and tell whether its own totals tie out")
        {
            file, channel, day, merchant, json,
        };
        show.SetAction(parsed =>
        {
            var expected = new BillExpectation(
                ChannelNames.TryParse(parsed.GetValue(channel), out var known) ? known : null,
                BusinessDay.TryParse(parsed.GetValue(day), out var date) ? date : null, parsed.GetValue(merchant));
            var told = BillTold.Of(parsed.GetRequiredValue(file), expected);
            if (parsed.GetValue(json))
                BillPrint.Json(told, Console.Out);
            else
                BillPrint.Text(told, Console.Out, Console.Error);
            return told.IsSound ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return show;
    }
}
