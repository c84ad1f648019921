using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Past;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Balances;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>What one rule changed of a balance.</summary>
internal sealed record RuleChangeView(string Rule, long Lines, long Change);

/// <summary>A balance at two positions, in minor units on the side on which the account grows.</summary>
internal sealed record BalanceChangeView(
    string Account, Currency Currency, string Side, long Before, long After, long Change,
    IReadOnlyList<RuleChangeView> Rules);

/// <summary>What was debited and credited in a currency, in all; the two are always the same.</summary>
internal sealed record CurrencySumView(Currency Currency, long Debits, long Credits);

/// <summary>What became of balances between two positions.</summary>
internal sealed record DiffView(
    long From, long To, IReadOnlyList<BalanceChangeView> Balances, IReadOnlyList<CurrencySumView> Sums);

/// <summary>The difference between two positions: of balances, and of read models.</summary>
internal static class DiffEndpoints
{
    private const int RowsMax = 100_000;

    public static void MapDiff(this IEndpointRouteBuilder v1)
    {
        var diff = v1.MapGroup("/ops/diff").WithTags("Audit 审计");
        diff.MapGet("", Balances).Admits(Role.Operator, Role.Auditor)
            .WithSummary("What became of balances between two positions 两个位置之间的余额差异")
            .WithDescription("from and to are positions, moments, start or now; each counts as after its event.")
            .Produces<DiffView>();
        diff.MapGet("/views", Views).Admits(Role.Operator, Role.Auditor)
            .WithSummary("What became of read models between two positions 两个位置之间的读模型差异")
            .WithDescription("Folds the log into tables of its own. Lines of JSON: progress, then {\"view\":…} with "
                + "counts for each read model, or with view={name} {\"row\":…} for each row that changed; then end.")
            .Produces(StatusCodes.Status200OK, contentType: LineStream.MediaType);
    }

    private static async Task<IResult> Balances(
        string from, string to, AccountStory story, JournalReach reach, CancellationToken cancellation)
    {
        var (after, upTo, problem) = await Between(reach.Resolve, from, to, cancellation);
        if (problem is not null)
            return problem;
        var changes = await story.Changes(after, upTo, cancellation);
        return Results.Ok(new DiffView(
            after, upTo,
            [.. changes.GroupBy(one => (one.Account, one.Currency)).Select(rules =>
            {
                var debit = BalanceView.GrowsByDebit(rules.Key.Account);
                var (sign, before) = (debit ? 1 : -1, rules.First().BeforeMinor);
                var change = rules.Sum(one => one.AmountMinor);
                return new BalanceChangeView(
                    rules.Key.Account, Enum.Parse<Currency>(rules.Key.Currency), debit ? "debit" : "credit",
                    sign * before, sign * (before + change), sign * change,
                    [.. rules.Select(one => new RuleChangeView(one.Rule, one.Lines, sign * one.AmountMinor))]);
            })],
            [.. changes.GroupBy(one => one.Currency).Select(sum => new CurrencySumView(
                Enum.Parse<Currency>(sum.Key), sum.Sum(one => one.DebitMinor), sum.Sum(one => one.CreditMinor)))]));
    }

    private static async Task<IResult> Views(
        string from, string to, string? view, int? limit, LogPoints points, ViewCatalogue catalogue, PastRoom room,
        CancellationToken cancellation)
    {
        var (after, upTo, problem) = await Between(points.Resolve, from, to, cancellation);
        if (problem is not null)
            return problem;
        if (limit is < 1 or > RowsMax)
            return LogPoints.Wrong("limit", $"lies between 1 and {RowsMax}.");
        var all = await catalogue.All(cancellation);
        var views = view is null ? all : [.. all.Where(one => one.Name == view)];
        if (views.Count == 0)
            return ViewEndpoints.NoView(view!, all);
        return await room.Enter(async (lines, sessions) =>
        {
            await using var past = await sessions([.. views.Select(one => one.Projection).Distinct()]);
            await past.FoldTo(after, at => lines.Progress(at, upTo), lines.Cancellation);
            await past.Remember(lines.Cancellation);
            await past.FoldTo(upTo, at => lines.Progress(at, upTo), lines.Cancellation);
            foreach (var one in views)
                await lines.Write(new { View = await past.CountChanges(one, lines.Cancellation) });
            if (view is not null)
            {
                await foreach (var row in past.Changes(views[0], limit ?? 100, lines.Cancellation))
                    await lines.Write("row", row);
            }

            await lines.Write(new { End = new { From = after, To = upTo } });
        });
    }

    private static async Task<(long From, long To, Problem? Problem)> Between(
        Func<string, string, CancellationToken, Task<(long Position, Problem? Problem)>> resolve, string from,
        string to, CancellationToken cancellation)
    {
        var (after, wrong) = await resolve("from", from, cancellation);
        if (wrong is not null)
            return (0, 0, wrong);
        (var upTo, wrong) = await resolve("to", to, cancellation);
        return (after, upTo, wrong ?? (after > upTo
            ? LogPoints.Wrong("from", FormattableString.Invariant($"position {after} is after to, {upTo}."))
            : null));
    }
}
