using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Reads an answer of many lines: progress goes to the errors, the rest to whoever asked.</summary>
internal static class Lines
{
    /// <summary>Each line but progress, the last with <c>end</c>.</summary>
    /// <exception cref="CommandFailedException">The server refused, met something wrong on the way, or was cut
    /// off.</exception>
    public static async IAsyncEnumerable<JsonNode> Read(
        ApiClient client, string path, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var (isWhole, isTold) = (false, false);
        await foreach (var line in Rest(client.Lines(path, reply => Answer.Required(reply), cancellation)))
        {
            if (line["progress"] is { } progress)
            {
                isTold |= Tell(progress);
                continue;
            }

            if (isTold)
                Console.Error.Write("\r\e[K");
            isTold = false;
            if (line["problem"] is { } problem)
                throw new CommandFailedException(CodeOf(problem), $"{problem["code"]}: {problem["detail"]}");
            isWhole = line["end"] is not null;
            yield return line;
        }

        if (!isWhole)
            throw new CommandFailedException(ExitCodes.Unreachable, "The answer was cut off: the server went away.");
    }

    private static int CodeOf(JsonNode problem) => problem.Text("code") switch
    {
        "parameter_invalid" => ExitCodes.Usage,
        "unavailable" => ExitCodes.Unreachable,
        _ => ExitCodes.Wrong,
    };

    // A server that dies in the middle ends the stream, in one way or another.
    private static async IAsyncEnumerable<JsonNode> Rest(IAsyncEnumerable<JsonNode> lines)
    {
        await using var each = lines.GetAsyncEnumerator();
        while (true)
        {
            try
            {
                if (!await each.MoveNextAsync())
                    yield break;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or System.Text.Json.JsonException)
            {
                yield break;
            }

            yield return each.Current;
        }
    }

    private static bool Tell(JsonNode progress)
    {
        if (Console.IsErrorRedirected)
            return false;
        var (reached, target) = (progress.Number("reached"), progress.Number("target"));
        Console.Error.Write(
            $"\rfolding the log: {Answer.Count(reached)} of {Answer.Count(target)} "
            + $"({100 * Math.Max(0, reached) / Math.Max(1, target)} %)\e[K");
        return true;
    }
}
