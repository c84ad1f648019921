using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Balances;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>What one rule moved on an account, in minor units on the side on which the account grows.</summary>
internal sealed record RuleView(
    string Rule, long Lines, long Debits, long Credits, long Change, long FirstPosition, long LastPosition);

/// <summary>An account in one currency between two positions: <c>opening</c> and the rules' changes make
/// <c>closing</c>.</summary>
/// <param name="Balance">The same by the balance that is kept apart from the lines, less what came after.</param>
internal sealed record CurrencyStoryView(
    Currency Currency, long Opening, long Closing, long Balance, long Lines, IReadOnlyList<RuleView> Rules);

/// <summary>The event by which an account came to be.</summary>
internal sealed record BeginningView(long Position, DateTimeOffset RecordedAt)
{
    public static BeginningView Of(FirstLine first) =>
        new(first.Position, PaymentView.InShanghai(first.RecordedAt)!.Value);
}

/// <summary>Why a balance is what it is.</summary>
/// <param name="Side">On which side the account grows: <c>debit</c> or <c>credit</c>.</param>
/// <param name="Since">Up to which position everything stands in <c>opening</c>; -1 for none.</param>
/// <param name="Day">Null, or the business day after which nothing counts, wherever it stands.</param>
/// <param name="Begins">Where the account did not exist yet: when it did.</param>
internal sealed record StoryView(
    string Account, string Side, long Since, long AsOf, BusinessDay? Day,
    IReadOnlyList<CurrencyStoryView> Currencies, BeginningView? Begins);

/// <summary>Which lines of an account are asked for.</summary>
internal sealed record StoryQuestion(Account Account, long From, long To, BusinessDay? Day);

/// <summary>Why a balance is what it is: by rule, and line by line.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder v1)
    {
        var accounts = v1.MapGroup("/ops/accounts/{account}").WithTags("Audit 审计");
        accounts.MapGet("/why", Why).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Why a balance is what it is, by rule 余额由来")
            .WithDescription("as_of and since are positions, moments, start or now; since is the start unless given. "
                + "as_of, or day beside it, may be a business day: then only what counts on it or earlier. "
                + "Amounts are signed on the side on which the account grows.")
            .Produces<StoryView>();
        accounts.MapGet("/lines", Lines).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Every line of an account with the balance after it 账户明细")
            .WithDescription("Lines of JSON: {\"line\":…} each, then {\"end\":…}. Of any length.")
            .Produces(StatusCodes.Status200OK, contentType: LineStream.MediaType);
    }

    private static async Task<IResult> Why(
        string account, string? since, string? as_of, string? day, AccountStory story, JournalReach reach,
        CancellationToken cancellation)
    {
        var (asked, problem) = await Asked(account, since, as_of, day, story, reach, cancellation);
        if (asked is not var (known, from, to, until))
            return problem!;
        var opening = (await story.Held(known, from, until, cancellation)).ToDictionary(one => one.Currency);
        var rules = (await story.Rules(known, from, to, until, cancellation)).ToLookup(rule => rule.Currency);
        var kept = (await story.Kept(known, to, until, cancellation)).ToDictionary(one => one.Currency);
        var currencies = opening.Keys.Union(rules.Select(rule => rule.Key))
            .Union(kept.Values.Where(one => one.BalanceMinor != 0).Select(one => one.Currency));
        var sign = SignOf(account);
        var begins = await story.First(known, cancellation) is { } line
            && (line.Position > to || (opening.Count == 0 && rules.Count == 0))
            ? BeginningView.Of(line)
            : null;
        return Results.Ok(new StoryView(
            account, sign > 0 ? "debit" : "credit", from, to, until,
            [.. currencies.Order(StringComparer.Ordinal).Select(currency =>
            {
                var held = opening.GetValueOrDefault(currency)?.BalanceMinor ?? 0;
                return new CurrencyStoryView(
                    Enum.Parse<Currency>(currency), sign * held,
                    sign * (held + rules[currency].Sum(rule => rule.NetMinor)),
                    sign * (kept.GetValueOrDefault(currency)?.BalanceMinor ?? 0),
                    rules[currency].Sum(rule => rule.Lines),
                    [.. rules[currency].Select(rule => new RuleView(
                        rule.Rule, rule.Lines, rule.DebitMinor, rule.CreditMinor, sign * rule.NetMinor,
                        rule.FirstPosition, rule.LastPosition))]);
            })],
            begins));
    }

    private static async Task<IResult> Lines(
        string account, string? since, string? as_of, string? day, AccountStory story, JournalReach reach,
        CancellationToken cancellation)
    {
        var (asked, problem) = await Asked(account, since, as_of, day, story, reach, cancellation);
        if (asked is not var (known, from, to, until))
            return problem!;
        return new LineStream(async lines =>
        {
            var (sign, count) = (SignOf(account), 0L);
            var balances = (await story.Held(known, from, until, lines.Cancellation))
                .ToDictionary(one => one.Currency, one => one.BalanceMinor);
            await foreach (var row in story.Lines(known, from, to, until, lines.Cancellation))
            {
                var balance = balances.GetValueOrDefault(row.Currency) + row.AmountMinor;
                balances[row.Currency] = balance;
                count++;
                await lines.Write(new
                {
                    Line = new
                    {
                        row.Position, row.LineNo, RecordedAt = PaymentView.InShanghai(row.RecordedAt), row.BusinessDay,
                        row.Rule, row.Stream, row.Currency, Side = row.AmountMinor > 0 ? "debit" : "credit",
                        Change = sign * row.AmountMinor, Balance = sign * balance,
                    },
                });
            }

            await lines.Write(new { End = new { Lines = count, Since = from, AsOf = to } });
        });
    }

    private static async Task<(StoryQuestion? Asked, Problem? Problem)> Asked(
        string account, string? since, string? asOf, string? day, AccountStory story, JournalReach reach,
        CancellationToken cancellation)
    {
        // A business day may end with lines that come long after it.
        if (day is null && LogPoint.Parse(asOf ?? "") is LogPoint.Day)
            (asOf, day) = (null, asOf);
        var until = default(BusinessDay);
        if (day is not null && !BusinessDay.TryParse(day, out until))
            return (null, LogPoints.Wrong("day", $"{day} is no day yyyy-MM-dd."));
        var (to, problem) = await reach.Resolve("as_of", asOf ?? "now", cancellation);
        var from = -1L;
        if (problem is null && since is not null)
            (from, problem) = await reach.Resolve("since", since, cancellation);
        if (problem is null && from > to)
            problem = LogPoints.Wrong("since", FormattableString.Invariant($"position {from} is after as_of, {to}."));
        if (problem is not null)
            return (null, problem);

        // An account is there once something was posted to it, be it later than asked for.
        return Account.TryParse(account, out var known) && await story.Knows(known, cancellation)
            ? (new(known, from, to, day is null ? null : until), null)
            : (null, new Problem("account_not_found", $"Nothing was ever posted to {account}."));
    }

    private static int SignOf(string account) => BalanceView.GrowsByDebit(account) ? 1 : -1;
}
