using System.CommandLine;

namespace Jifu.Ledger.Cli.Bills;

/// <summary><c>jifu bill …</c>: looks at bill files (账单) without touching the ledger.</summary>
internal static class BillCommand
{
    public static Command Create() => new("bill", "Look at channels' bill files (账单)") { Show() };

    private static Command Show()
    {
        var file = new Argument<FileInfo>("FILE") { Description = "The bill, as the channel gave it" };
        file.AcceptExistingOnly();
        var channel = new Option<string>("--channel")
        {
            Description = "Whose bill it is; the sandbox writes the same layout as WeChat Pay",
            DefaultValueFactory = _ => Channel.WeChatPay.Name(),
        };
        channel.AcceptOnlyFromAmong(Channel.WeChatPay.Name(), Channel.Sandbox.Name());
        var json = new Option<bool>("--json") { Description = "Answer in JSON; amounts in minor units" };

        var show = new Command("show", "Sum a bill up by kind, and tell whether its own totals tie out")
        {
            file, channel, json,
        };
        show.SetAction(parsed =>
        {
            var told = BillTold.Of(parsed.GetRequiredValue(file), parsed.GetRequiredValue(channel));
            if (parsed.GetValue(json))
                BillPrint.Json(told, Console.Out);
            else
                BillPrint.Text(told, Console.Out, Console.Error);
            return told.Refused is null ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return show;
    }
}
