using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary><c>jifu views</c>: read models as they are, and as they were.</summary>
internal static class ViewsCommand
{
    // Another view of the past may be under way.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Command Create() => new("views", "The read models (读模型) as they are, and as they were")
    {
        List(), Show(),
    };

    private static Command List()
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON" };
        var server = Connection.ServerOption();
        var command = new Command("list", "Every read model, its columns and rows") { json, server };
        command.SetAction(async (parsed, cancellation) =>
        {
            var views = Answer.Required(
                await Connection.AsAuditor(parsed.GetValue(server)).Get("/v1/ops/views", cancellation));
            if (parsed.GetValue(json))
                Console.WriteLine(views.ToJsonString(Answer.Readable));
            else
                Write(views.AsArray(), Ink.For(Terminal.Out));
            return ExitCodes.Fine;
        });
        return command;
    }

    private static void Write(JsonArray views, Ink ink)
    {
        foreach (var view in views)
        {
            var columns = view!["columns"]!.AsArray().Select(column =>
                column!["key"]!.GetValue<bool>() ? $"{column.Text("name")}*" : column.Text("name"));
            Console.WriteLine(
                $"{ink.Bold(Ink.Left(view.Text("name"), 22))}{Answer.Count(view.Number("rows")),12} rows  "
                + ink.Dim($"projection {view["projection"]}, position {view["position"]}"));
            Console.WriteLine($"  {string.Join(" ", columns)}");
        }
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "As views list names it: journal_line, payment …" };
        var asOf = PointArgument.Option("--as-of", "A position or time: made again from the log up to there");
        var where = new Option<string[]>("--where")
        {
            Description = "column=value; may be repeated, and then all hold. column= is for none",
            HelpName = "CONDITION",
        };
        var limit = Limit();
        var json = new Option<bool>("--json") { Description = "One JSON document; amounts in minor units" };
        var csv = new Option<bool>("--csv") { Description = "CSV (UTF-8); amounts in minor units" };
        var server = Connection.ServerOption();
        var command = new Command("show", "Rows of a read model, now or as of any point")
        {
            name, asOf, where, limit, json, csv, server,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(csv))
                result.AddError("--json or --csv, not both.");
        });
        command.SetAction((parsed, cancellation) => Print(
            Connection.AsAuditor(parsed.GetValue(server), Patience),
            $"/v1/ops/views/{Uri.EscapeDataString(parsed.GetValue(name)!)}/rows" + Answer.Query([
                ("as_of", parsed.GetValue(asOf)), ("limit", $"{parsed.GetValue(limit)}"),
                .. (parsed.GetValue(where) ?? []).Select(one => ("where", (string?)one))]),
            parsed.GetValue(json) ? new ViewJson(Console.Out)
                : parsed.GetValue(csv) ? new ViewCsv(Console.Out)
                : new ViewTable(Console.Out, Ink.For(Terminal.Out), Terminal.Out.Profile.Width),
            cancellation));
        return command;
    }

    private static Option<int> Limit()
    {
        var limit = new Option<int>("--limit")
        {
            Description = "The most rows", DefaultValueFactory = _ => 100, HelpName = "COUNT",
        };
        limit.Validators.Add(result =>
        {
            if (result.GetValue(limit) is < 1 or > 1_000_000)
                result.AddError("--limit lies between 1 and 1,000,000.");
        });
        return limit;
    }

    private static async Task<int> Print(
        ApiClient client, string path, IViewOutput output, CancellationToken cancellation)
    {
        await foreach (var line in Lines.Read(client, path, cancellation))
        {
            if (line["view"] is { } view)
                output.Begin(view);
            if (line["row"] is { } row)
                output.Row(row.AsObject());
            if (line["end"] is { } end)
                output.End(end["more"]!.GetValue<bool>());
        }

        return ExitCodes.Fine;
    }
}
