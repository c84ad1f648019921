using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql.Evidence;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Ops;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Evidence;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>Evidence (存证): checkpoints, archives that prove themselves, and the check of the whole log.</summary>
internal static class EvidenceEndpoints
{
    private const int ListedMax = 1_000;

    public static void MapEvidence(this IEndpointRouteBuilder v1)
    {
        var audit = v1.MapGroup("/ops/audit").WithTags("Audit 审计");
        audit.MapGet("/checkpoints", List).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The newest checkpoints, newest first 检查点").Produces<IReadOnlyList<CheckpointView>>();
        audit.MapPost("/checkpoints", Take).Admits(Role.Operator)
            .WithSummary("Take a checkpoint now 立即生成检查点").Produces<CheckpointView>();
        audit.MapGet("/keys", Keys).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The public keys of checkpoints 存证公钥").Produces<IReadOnlyList<EvidenceKeyView>>();
        audit.MapPost("/keys/rotation", Rotate).Admits(Role.Operator)
            .WithSummary("Sign with a new key from now on 更换存证密钥").Produces<EvidenceKeyView>();
        audit.MapGet("/export", Export).Admits(Role.Operator, Role.Auditor)
            .WithSummary("An archive of events that proves itself 导出事件档案")
            .WithDescription("kind is all, range (with from and to), day or stream. The zip is written while it is "
                + "sent; one that breaks off is no archive.")
            .Produces(StatusCodes.Status200OK, contentType: "application/zip");
        audit.MapGet("/verification", Verify).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Hash the whole log again 全量校验").Produces<VerificationView>();
    }

    private static async Task<IResult> List(
        CheckpointBook book, CancellationToken cancellation, int limit = 20)
    {
        if (limit is < 1 or > ListedMax)
            return new Problem("parameter_invalid", $"limit is 1 to {ListedMax}.");
        return await Proved(async () => Results.Ok(
            (await book.Latest(limit, cancellation)).Select(row => CheckpointView.Of(Notary.Read(row))).ToList()));
    }

    private static Task<IResult> Take(Notary notary, CancellationToken cancellation) => Proved(async () =>
        await notary.Take("manual", onlyNews: false, cancellation) is { } taken
            ? Results.Ok(CheckpointView.Of(taken))
            : Nothing("yet"));

    private static async Task<IEnumerable<EvidenceKeyView>> Keys(
        CheckpointKeys keys, CheckpointBook book, CancellationToken cancellation)
    {
        var current = keys.Missing(await book.Keys(cancellation)) is null ? keys.Current : keys.Present;
        return keys.Public.Select(key => EvidenceKeyView.Of(key, key.Id == current?.Public.Id));
    }

    private static async Task<IResult> Rotate(
        CheckpointKeys keys, CheckpointBook book, CancellationToken cancellation, string algorithm = "rsa")
    {
        if (algorithm is not ("rsa" or "sm2"))
            return new Problem("parameter_invalid", "algorithm is rsa or sm2.");
        return keys.Missing(await book.Keys(cancellation)) is { } missing
            ? KeyMissing(missing)
            : Results.Ok(EvidenceKeyView.Of(keys.Rotate(algorithm == "sm2").Public, true));
    }

    private static async Task<IResult> Export(
        string kind, ArchiveExport export, CancellationToken cancellation, string? stream = null, string? day = null,
        long from = 0, long? to = null)
    {
        BusinessDay? known = day is not null && LogPoint.Parse(day) is LogPoint.Day named ? named.On : null;
        if (NotUnderstood(kind, stream, from, to) is { } problem)
            return problem;
        if (kind == "day" && known is null)
            return OpsEndpoints.NoDay(day ?? "");
        return await Proved(async () =>
        {
            var plan = await export.Plan(
                new(
                    kind, kind == "stream" ? stream : null, kind == "day" ? known : null, from, to ?? long.MaxValue),
                cancellation);
            // What was asked for up to there must not seem to be in it.
            if (kind == "range" && plan is not null && plan.Last < to)
                return new Problem(
                    "parameter_invalid", $"to: position {to} is not there yet; the log ends at {plan.Last}.");
            return plan is null
                ? Nothing(kind switch
                {
                    "stream" => $"in {stream}", "day" => $"on {known}", "range" => $"from position {from} on",
                    _ => "yet",
                })
                : Results.Stream(body => export.Write(plan, body, cancellation), "application/zip", "evidence.zip");
        });
    }

    private static Problem? NotUnderstood(string kind, string? stream, long from, long? to) => (kind, stream) switch
    {
        ("range", _) when from < 0 || to < 0 =>
            new("parameter_invalid", $"{(from < 0 ? $"from: {from}" : $"to: {to}")} is no position; the first is 0."),
        ("range", _) when to < from =>
            new("parameter_invalid", $"to: position {to} stands before from, which is {from}."),
        ("stream", null) => new("parameter_invalid", "stream: say which; kind is stream."),
        ("stream", _) when !IsStream(stream) => new(
            "parameter_invalid", $"stream: '{stream}' is no stream's name, which has a hyphen: payment-p4f1…"),
        ("all" or "range" or "day" or "stream", _) => null,
        _ => new("parameter_invalid", $"kind: '{kind}' is none of all, range (from, to), day and stream."),
    };

    private static async Task<VerificationView> Verify(LiveCheck check, CancellationToken cancellation) =>
        VerificationView.Of(await check.Run(cancellation));

    private static bool IsStream(string? name) =>
        name is { Length: <= StreamName.LengthMax } && name.IndexOf('-', StringComparison.Ordinal) > 0;

    private static async Task<IResult> Proved(Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (LogAlteredException e)
        {
            return new Problem(
                "log_altered",
                $"{e.Message} Nothing was signed. GET /v1/ops/audit/verification names all that was altered.");
        }
        catch (CheckpointKeyMissingException e)
        {
            return KeyMissing(e.Message);
        }
    }

    private static Problem KeyMissing(string detail) => new("checkpoint_key_missing", $"{detail} Nothing was signed.");

    private static Problem Nothing(string where) => new("nothing_recorded", $"No event is recorded {where}.");
}
