using System.Text;
using System.Text.RegularExpressions;
using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Statements;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Mvc;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>The bank's side (银企对账): statements, how they are read, and what their lines are.</summary>
internal static partial class BankEndpoints
{
    private const long StatementBytesMax = 64L << 20;

    public static void MapBank(this IEndpointRouteBuilder v1)
    {
        var bank = v1.MapGroup("/ops/bank").WithTags("Bank 银企对账");
        v1.MapGet("/ops/days/{day}/money", ThreeSides).Admits(Role.Operator, Role.Auditor).WithTags("Bank 银企对账")
            .WithSummary("Our books, the trade bill and the money of a day, channel by channel 三方对账")
            .Produces<IReadOnlyList<ThreeSidesRow>>();
        bank.MapPut("/{account}/mapping", Save).Admits(Role.Operator)
            .WithSummary("Save how an account's statements are read 对账单映射").Produces<StatementMapping>();
        bank.MapGet("/{account}/mapping", Mapping).Admits(Role.Operator, Role.Auditor)
            .WithSummary("How an account's statements are read").Produces<StatementMapping>();
        bank.MapPost("/{account}/preview", Preview).Admits(Role.Operator).WithMetadata(new LargeBody(StatementBytesMax))
            .WithSummary("Show how a statement would be read; nothing is saved 试读")
            .WithDescription("The body is the file's bytes, CSV or Excel. mapping is JSON, as PUT mapping takes it; "
                + "without it the saved one is used where it fits, or else a guess.").Produces<StatementPreviewView>();
        bank.MapPost("/{account}/statements", Import).Admits(Role.Operator)
            .WithMetadata(new LargeBody(StatementBytesMax))
            .WithSummary("Import a statement by the saved mapping 导入银行对账单").Produces<StatementImportView>();
        bank.MapGet("/statements", Statements).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Every statement that was imported").Produces<IReadOnlyList<StatementImportRow>>();
        bank.MapGet("/lines", Lines).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Lines of statements, with what each is 流水").Produces<IReadOnlyList<StatementLineRow>>();
        bank.MapGet("/open", Open).Admits(Role.Operator, Role.Auditor)
            .WithSummary("What the bank has and we do not know, and the other way round 未达账项")
            .Produces<BankOpenView>();
        bank.MapPost("/match", Match).Admits(Role.Operator)
            .WithSummary("Look again what lines are; it runs by itself at each import and close 勾对")
            .Produces<BankMatchView>();
        bank.MapPost("/{account}/lines/{line}/match", Confirm).Admits(Role.Operator)
            .WithSummary("Say what a line is; another person than who brought it, when money is booked by it 人工勾对")
            .Produces(StatusCodes.Status204NoContent);
        bank.MapPost("/{account}/lines/{line}/unmatch", Unmatch).Admits(Role.Operator)
            .WithSummary("Say that a line is not what it was taken for 取消勾对").Produces(StatusCodes.Status204NoContent);
        bank.MapExplanations();
        bank.MapBalance();
    }

    private static async Task<IResult> ThreeSides(
        string day, ThreeSidesQueries queries, CancellationToken cancellation) =>
        BusinessDay.TryParse(day, out var known)
            ? Results.Ok(await queries.OfDay(known, cancellation))
            : OpsEndpoints.NoDay(day);

    private static async Task<IResult> Save(
        string account, JsonBody<StatementMapping> body, Caller caller, StatementDesk desk, HttpContext context)
    {
        if (!Account().IsMatch(account))
            return NoAccount(account);
        var refusal = await desk.Save(account, body.Value, caller.Metadata(context), context.RequestAborted);
        return refusal is null
            ? Results.Ok((await desk.Load(account, context.RequestAborted)).Mapping)
            : Problem.Of(refusal);
    }

    private static async Task<IResult> Mapping(string account, StatementDesk desk, CancellationToken cancellation) =>
        !Account().IsMatch(account)
            ? NoAccount(account)
            : (await desk.Load(account, cancellation)).Mapping is { } mapping
                ? Results.Ok(mapping)
                : new Problem("statement_mapping_missing", $"{account} has no saved mapping.");

    private static async Task<IResult> Preview(
        string account, string file_name, string? mapping, StatementDesk desk, HttpContext context)
    {
        if (!Account().IsMatch(account) || !IsName(file_name))
            return NoAccount(account);
        StatementMapping? given = null;
        if (mapping is not null)
        {
            (given, var errors) = StrictJson.Read<StatementMapping>(Encoding.UTF8.GetBytes(mapping));
            if (given is null)
                return Problem.Of(errors);
            if (given.FindFlaw() is { } flaw)
                return new Problem("statement_mapping_invalid", flaw);
        }

        return await OrRefuse(async () => Results.Ok(StatementPreviewView.Of(await desk.Preview(
            account, new(file_name, await RawBody.Of(context)), given, context.RequestAborted))));
    }

    private static async Task<IResult> Import(
        string account, string file_name, Caller caller, StatementDesk desk, HttpContext context)
    {
        if (!Account().IsMatch(account) || !IsName(file_name))
            return NoAccount(account);
        return await OrRefuse(async () =>
        {
            var report = await desk.Import(
                account, new(file_name, await RawBody.Of(context)), caller.Metadata(context), context.RequestAborted);
            return report.Refusal is { } refusal ? Problem.Of(refusal) : Results.Ok(StatementImportView.Of(report));
        });
    }

    private static async Task<IResult> OrRefuse(Func<Task<IResult>> read)
    {
        try
        {
            return await read();
        }
        catch (StatementRejectedException e)
        {
            return Problem.Of(e.Code, e.Message);
        }
    }

    private static Task<IReadOnlyList<StatementImportRow>> Statements(
        StatementQueries queries, CancellationToken cancellation) => queries.Imports(cancellation);

    private static async Task<IResult> Lines(
        string from, string to, bool? open, StatementQueries queries, CancellationToken cancellation) =>
        Period(from, to, out var first, out var last)
        ?? Results.Ok(await queries.Lines(first, last, open == true, cancellation));

    // Nothing is open in a period of no days, which would read as if all were well.
    private static Problem? Period(string from, string to, out BusinessDay first, out BusinessDay last)
    {
        last = default;
        if (!BusinessDay.TryParse(from, out first) || !BusinessDay.TryParse(to, out last))
            return OpsEndpoints.NoDay($"{from} … {to}");
        return first <= last ? null : new Problem("parameter_invalid", $"from {first} comes after to {last}.");
    }

    private static async Task<IResult> Open(
        string from, string to, StatementQueries queries, BankMatching matching, BankExplanations explanations,
        TimeProvider time, CancellationToken cancellation)
    {
        if (Period(from, to, out var first, out var last) is { } problem)
            return problem;
        var today = BusinessDay.Of(time.GetUtcNow());
        var imports = await queries.Imports(cancellation);
        var proposals = await matching.Proposals(first, last, cancellation);
        var proposed = proposals.SelectMany(found => found.Lines).Select(line => line.Line).ToHashSet();
        var waiting = await explanations.Open(cancellation);
        var explained = waiting.SelectMany(one => one.Lines).ToHashSet();
        return Results.Ok(new BankOpenView(
            imports.Count == 0 ? null : imports.Max(import => import.ToDay),
            [
                .. (await queries.Lines(first, last, true, cancellation))
                    .Select(row => BankOpenLineView.Of(
                        row, today, proposed.Contains(row.Line), explained.Contains(row.Line))),
            ],
            [.. (await queries.Expected(first, last, cancellation)).Select(row => BankExpectedView.Of(row, today))],
            [.. proposals.Select(BankProposalView.Of)],
            await ExplanationView.Of(explanations, waiting, cancellation)));
    }

    private static async Task<BankMatchView> Match(Caller caller, BankMatching matching, HttpContext context) =>
        new(await matching.Run(caller.Metadata(context), context.RequestAborted));

    private static async Task<IResult> Confirm(
        string account, string line, [FromQuery] string[] to, [FromQuery] string[] with, Caller caller,
        BankMatching matching, HttpContext context)
    {
        if (Unsaid(account, line, to, with) is { } problem)
            return problem;
        if (to.Length == 0)
            return new Problem("parameter_invalid", "to names 1 to 31 movements, each once.");
        var refusal = await matching.Confirm(
            account, [line, .. with], to, caller.Metadata(context), context.RequestAborted);
        return refusal is null ? Results.NoContent() : Problem.Of(refusal);
    }

    // Which part of which line would be which movement, nobody says of several lines and several movements; of several
    // that are none at all there is nothing to say.
    internal static Problem? Unsaid(string account, string line, string[] to, string[] with)
    {
        if (!Account().IsMatch(account))
            return NoAccount(account);
        if (to.Length > 31 || to.Distinct().Count() < to.Length)
            return new Problem("parameter_invalid", "to names 1 to 31 movements, each once.");
        return with.Length > 0
            && (to.Length > 1 || with.Length > 30 || with.Append(line).Distinct().Count() <= with.Length)
                ? new Problem(
                    "parameter_invalid",
                    "with names up to 30 other lines, each once, that are one movement (to) together, or none.")
                : null;
    }

    private static async Task<IResult> Unmatch(
        string account, string line, string reason, Caller caller, BankMatching matching, HttpContext context)
    {
        if (!Account().IsMatch(account))
            return NoAccount(account);
        if (!ExplanationEndpoints.IsReason(reason))
            return ExplanationEndpoints.NoReason;
        var refusal = await matching.Undo(account, line, reason, caller.Metadata(context), context.RequestAborted);
        return refusal is null ? Results.NoContent() : Problem.Of(refusal);
    }

    private static bool IsName(string fileName) => fileName.Length is > 0 and <= 200 && !fileName.Any(char.IsControl);

    private static Problem NoAccount(string account) => new(
        "parameter_invalid",
        $"{account}: an account has 1 to 64 letters, digits, dots and dashes; a file_name 1 to 200.");

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9.-]{0,63}$")]
    private static partial Regex Account();
}
