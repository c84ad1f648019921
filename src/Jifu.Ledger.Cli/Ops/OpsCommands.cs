using System.CommandLine;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Ops;

/// <summary>What the operator's commands have in common: they ask the running server and print its answer.</summary>
internal static class OpsCommands
{
    private static readonly JsonSerializerOptions Readable = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Option<BusinessDay?> DayOption(bool required = true) => new("--day")
    {
        Description = required ? "The business day, yyyy-MM-dd" : "The business day of a T+1 run, yyyy-MM-dd",
        Required = required, CustomParser = Connection.ParseDay, HelpName = "DAY",
    };

    public static Option<string> ChannelOption()
    {
        var option = new Option<string>("--channel")
        {
            Description = "sandbox, wechatpay, alipay or unionpay", DefaultValueFactory = _ => "sandbox",
            HelpName = "CHANNEL",
        };
        option.Validators.Add(result =>
        {
            if (!ChannelNames.TryParse(result.GetValue(option), out _))
                result.AddError(
                    $"{result.GetValue(option)} is no channel; write sandbox, wechatpay, alipay or unionpay.");
        });
        return option;
    }

    /// <summary>Prints the server's answer as one JSON document, or its refusal.</summary>
    public static int Print(ApiReply reply)
    {
        if (!reply.Ok)
        {
            var trace = (int)reply.Status >= 500 ? $" trace_id {reply.Body?["trace_id"]}" : "";
            Console.Error.WriteLine($"{reply.Code}: {reply.Body?["detail"]}{trace}");
            return reply.ExitCode;
        }

        Console.WriteLine(reply.Body!.ToJsonString(Readable));
        return ExitCodes.Fine;
    }
}

/// <summary><c>jifu close</c>: clears, pays out and reconciles a day.</summary>
internal static class CloseCommand
{
    public static Command Create()
    {
        var (day, key, server) = (OpsCommands.DayOption(), Connection.KeyOption(), Connection.ServerOption());
        var accept = new Option<string?>("--accept-differences")
        {
            Description = "Why it is closed although differences of it are open; they stay open", HelpName = "REASON",
        };
        var command = new Command("close", "Close a business day: clear, pay out, reconcile. Safe to repeat")
        {
            day, accept, key, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reason = parsed.GetValue(accept) is { } why ? $"?accept_differences={Uri.EscapeDataString(why)}" : "";
            var reply = await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                $"/v1/ops/days/{parsed.GetValue(day)}/close{reason}", null, null, cancellation);
            var printed = OpsCommands.Print(reply);
            if (reply.Ok)
                TellRefusals(reply.Body!);
            return reply.Ok && !IsClosed(reply.Body!) ? ExitCodes.Wrong : printed;
        });
        return command;
    }

    // Who does not read the document is told why the day stays open all the same.
    private static void TellRefusals(JsonNode day)
    {
        foreach (var one in day["clearings"]!.AsArray().Concat(day["reconciliations"]!.AsArray()))
        {
            foreach (var refusal in new[] { one!["refusal"], one["fund_flow_refusal"] }.OfType<JsonNode>())
                Console.Error.WriteLine(
                    $"{refusal["code"]}: {one["channel"] ?? one["batch_id"]}: {refusal["detail"]}");
        }
    }

    // Every channel was asked; what one of them refused keeps the day open.
    private static bool IsClosed(JsonNode day) =>
        day["clearings"]!.AsArray().All(one => one!["refusal"] is null)
        && day["reconciliations"]!.AsArray().All(one =>
            one!["funds_received"]!.GetValue<bool>() && one["fund_flow_refusal"] is null)
        && IsExplained(day);

    // A server of before tells nothing of it.
    private static bool IsExplained(JsonNode day)
    {
        var open = (day["unexplained"]?.AsArray() ?? []).Where(one => one!["accepted"] is null).ToList();
        foreach (var one in open)
            Console.Error.WriteLine(
                $"{one!["channel"]}: {one["open"]} differences are open ({Yuan(one, "over")} over, "
                + $"{Yuan(one, "short")} short), and the bank is apart by {Yuan(one, "apart")}, in yuan. Settle them, "
                + "or close the day with them: "
                + "--accept-differences REASON");
        return open.Count == 0;

        static string Yuan(JsonNode of, string name) =>
            of[name] is { } minor ? Terminal.Yuan(minor.GetValue<long>()) : "-";
    }
}

/// <summary><c>jifu clear</c>: a T+1 run of a day, or a T+0 run of today.</summary>
internal static class ClearCommand
{
    public static Command Create()
    {
        var (channel, key, server) =
            (OpsCommands.ChannelOption(), Connection.KeyOption(), Connection.ServerOption());
        var day = OpsCommands.DayOption(required: false);
        var command = new Command(
            "clear", "Clear a channel: with --day the T+1 run of that day, without it a T+0 run of today so far")
        {
            channel, day, key, server,
        };
        command.SetAction(async (parsed, cancellation) => OpsCommands.Print(
            await Connection.AsOperator(parsed.GetValue(key), parsed.GetValue(server)).Post(
                "/v1/ops/clearing",
                parsed.GetValue(day) is { } over
                    ? new { channel = parsed.GetValue(channel), term = "t1", day = $"{over}" }
                    : new { channel = parsed.GetValue(channel), term = "t0" },
                null, cancellation)));
        return command;
    }
}

/// <summary><c>jifu finance</c>: downloads a closed day's finance files.</summary>
internal static class FinanceCommand
{
    public static Command Create()
    {
        var (day, server) = (OpsCommands.DayOption(), Connection.ServerOption());
        var output = new Option<string>("--out")
        {
            Description = "The folder to write to", DefaultValueFactory = _ => ".", HelpName = "FOLDER",
        };
        var unpack = new Option<bool>("--unpack") { Description = "Unpack it, too, into a folder beside the zip" };
        var command = new Command("finance", "Download the finance files of a closed day as a zip")
        {
            day, output, unpack, server,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            var reply = await Connection.AsAuditor(parsed.GetValue(server)).Get(
                $"/v1/ops/days/{parsed.GetValue(day)}/finance", cancellation);
            if (!reply.Ok)
                return OpsCommands.Print(reply);
            Directory.CreateDirectory(parsed.GetValue(output)!);
            var path = Path.Combine(parsed.GetValue(output)!, reply.FileName!);
            await WholeFile.Write(path, reply.Content, cancellation);
            Console.WriteLine(path);
            if (parsed.GetValue(unpack))
            {
                var folder = Path.ChangeExtension(path, null);
                await ZipFile.ExtractToDirectoryAsync(path, folder, overwriteFiles: true, cancellation);
                Console.WriteLine(folder);
            }

            return ExitCodes.Fine;
        });
        return command;
    }
}
