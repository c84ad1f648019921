using System.CommandLine;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;
using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Money;

/// <summary>What one asks the server, as a command: the answer as a table or, with <c>--json</c>, as it came.</summary>
internal static class Question
{
    /// <param name="path">What is asked for.</param>
    /// <param name="write">The answer for people.</param>
    /// <param name="isFine">Whether the command ends with 0.</param>
    public static Command Of(
        string name, string description, IReadOnlyList<Option> options, Func<ParseResult, string> path,
        Action<ParseResult, JsonNode> write, Func<JsonNode, bool> isFine)
    {
        var json = new Option<bool>("--json") { Description = "Answer in JSON; amounts in minor units" };
        var server = Connection.ServerOption();
        var command = new Command(name, description);
        foreach (var option in options.Concat([json, server]))
            command.Add(option);
        command.SetAction(async (parsed, cancellation) =>
        {
            var client = Connection.AsAuditor(parsed.GetValue(server));
            var body = Answer.Required(await client.Get(path(parsed), cancellation));
            if (parsed.GetValue(json))
                Console.WriteLine(body.ToJsonString(Answer.Readable));
            else
                write(parsed, await People.Named(body, client, cancellation));
            return isFine(body) ? ExitCodes.Fine : ExitCodes.Wrong;
        });
        return command;
    }
}
