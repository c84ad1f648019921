using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>Shows people by whom their keys are for: <c>王梅 (…4f0c2b)</c> instead of <c>key:op_01a1…</c>.</summary>
/// <remarks>For people only: several keys may be for one, so some of the id stays, and JSON keeps all of it.</remarks>
internal sealed partial class People
{
    private const int TailLength = 6;

    private readonly Dictionary<string, string> names;

    private People(Dictionary<string, string> names) => this.names = names;

    /// <summary>The names of those that an answer speaks of. Without any it stays as it is; so it does where the server
    /// does not list its keys, or knows no names.</summary>
    public static async Task<JsonNode> Named(JsonNode answer, ApiClient client, CancellationToken cancellation) =>
        Key().IsMatch(answer.ToJsonString(Answer.Compact))
            ? (await Of(client, cancellation)).Named(answer)
            : answer;

    /// <summary>All keys that are for somebody; merchants' are not.</summary>
    public static async Task<People> Of(ApiClient client, CancellationToken cancellation)
    {
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var role in new[] { "operator", "auditor", "event_writer", "ledger_node" })
        {
            string? cursor = null;
            do
            {
                var page = await client.Get(
                    "/v1/ops/keys" + Answer.Query(("role", role), ("limit", "200"), ("cursor", cursor)), cancellation);
                if (!page.Ok)
                    return new(names);
                foreach (var key in page.Body!["items"]!.AsArray().Where(key => key!["person"] is not null))
                    names[$"key:{key!.Text("key_id")}"] = key!.Text("person");
                cursor = page.Body["next_cursor"]?.GetValue<string>();
            }
            while (cursor is not null);
        }

        return new(names);
    }

    internal static People Of(params IEnumerable<(string Actor, string Name)> named) =>
        new(named.ToDictionary(one => one.Actor, one => one.Name, StringComparer.Ordinal));

    /// <summary>The same answer with names, wherever in it a key stands.</summary>
    public JsonNode Named(JsonNode answer) => names.Count == 0
        ? answer
        : JsonNode.Parse(Key().Replace(
            answer.ToJsonString(Answer.Compact),
            key => JsonEncodedText.Encode(Named(key.Value), JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString()))!;

    /// <summary>An actor as events name it.</summary>
    public string Named(string actor) =>
        names.TryGetValue(actor, out var name) ? $"{name} (…{actor[^TailLength..]})" : actor;

    [GeneratedRegex("key:[a-z]{2}_[0-9a-f]{32}")]
    private static partial Regex Key();
}
