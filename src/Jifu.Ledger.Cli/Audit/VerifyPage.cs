using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Jifu.Ledger.EventLog.Evidence;

namespace Jifu.Ledger.Cli.Audit;

/// <summary>What a check came to, for people or as JSON; of an archive and of a server's log alike.</summary>
internal static class VerifyPage
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>An offline check in the same words as the server's answer.</summary>
    public static JsonObject Of(EvidenceReport report) => new()
    {
        ["good"] = report.IsGood,
        ["log"] = report.Contents?.Log.ToString(),
        ["scope"] = report.Contents is { } contents ? JsonSerializer.SerializeToNode(contents.Scope, Json) : null,
        ["events"] = report.Events,
        ["first_position_held"] = report.Contents?.FirstPosition,
        ["last_position_held"] = report.Contents?.LastPosition,
        ["checkpoints"] = report.Signed,
        ["proved_to"] = report.Proved?.Position,
        ["proved_at"] = report.Proved is { } proved ? $"{proved.At.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}" : null,
        ["count"] = report.Findings.Count,
        ["first_position"] = report.Findings.FirstPosition,
        ["findings"] = new JsonArray([.. report.Findings.Kept.Select(one => new JsonObject
        {
            ["kind"] = SnakeCase.Of($"{one.Kind}"), ["position"] = one.Position, ["field"] = one.Field,
            ["detail"] = one.Detail,
        })]),
        ["notes"] = new JsonArray([.. report.Notes.Select(note => JsonValue.Create(note))]),
    };

    public static int Write(JsonObject report, bool json)
    {
        var good = report["good"]!.GetValue<bool>();
        if (json)
            Console.WriteLine(report.ToJsonString(Json));
        else
            foreach (var line in Lines(report, good))
                Console.WriteLine(line);
        return good ? ExitCodes.Fine : ExitCodes.Wrong;
    }

    private static IEnumerable<string> Lines(JsonObject report, bool good)
    {
        if (report["scope"] is { } scope)
        {
            var of = scope["stream"] ?? scope["day"];
            yield return $"archive     {scope["kind"]}{(of is null ? "" : $" {of}")} of log {report["log"]}, "
                + $"positions {report["first_position_held"]} to {report["last_position_held"]}";
        }

        yield return $"events      {report["events"]} hashed";
        yield return report["proved_to"] is null
            ? "checkpoint  none with a good signature"
            : $"checkpoint  position {report["proved_to"]} at {report["proved_at"]}, {report["checkpoints"]} signed";
        foreach (var finding in report["findings"]!.AsArray())
            yield return $"{finding!["kind"]}  {(finding["position"] is { } at ? $"position {at}: " : "")}"
                + $"{finding["detail"]}";
        foreach (var note in report["notes"]!.AsArray())
            yield return $"note        {note}";
        yield return good
            ? $"GOOD: as it was written, proved up to position {report["proved_to"] ?? "none"}"
            : IsKeyMissing(report)
            ? "NOT PROVED: no event was found altered, but checkpoints are signed by a key that the server lacks: put "
                + "checkpoint.key and checkpoint-keys/ back from the backup of the home folder, and ask again"
            : $"NOT GOOD: {report["count"]} found, the first at position {report["first_position"] ?? "unknown"}";
    }

    // Only a server's check names the folder that lacks them; of an archive the file of keys may be another ledger's.
    private static bool IsKeyMissing(JsonObject report) => report["scope"] is null
        && report["findings"]!.AsArray() is { Count: > 0 } all && all.Count == report["count"]!.GetValue<long>()
        && all.All(one => one!["kind"]!.GetValue<string>() == "key_unknown");
}
