using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Audit;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Balances;

/// <summary>An account's balance, in minor units on the side on which the account grows: debit for what we own and
/// spend, credit for what we owe and earn.</summary>
/// <param name="AsOf">With as_of: the position of the last event that counts in it.</param>
internal sealed record BalanceView(
    string Account, Currency Currency, long Balance, string Side, long Debits, long Credits, long? AsOf)
{
    private static readonly HashSet<AccountKind> DebitKinds =
    [
        AccountKind.ChannelReceivable, AccountKind.Bank, AccountKind.T0Advance, AccountKind.ChannelCost,
        AccountKind.BankFee, AccountKind.OwnTransfer,
    ];

    public static BalanceView Of(BalanceRow row, bool saysPosition)
    {
        var debit = GrowsByDebit(row.Account);
        return new(
            row.Account, Enum.Parse<Currency>(row.Currency), debit ? row.BalanceMinor : -row.BalanceMinor,
            debit ? "debit" : "credit", row.DebitMinor, row.CreditMinor, saysPosition ? row.Position : null);
    }

    /// <summary>True for what we own and spend.</summary>
    public static bool GrowsByDebit(string name) =>
        Journal.Account.TryParse(name, out var account) && DebitKinds.Contains(account.Kind);
}

/// <summary>One line of the journal; a positive amount debits the account, a negative one credits it.</summary>
internal sealed record JournalLineView(
    long Position, int LineNo, DateTimeOffset RecordedAt, BusinessDay BusinessDay, string Rule, long Amount,
    Currency Currency, string Stream)
{
    public static JournalLineView Of(JournalRow row) => new(
        row.Position, row.LineNo, PaymentView.InShanghai(row.RecordedAt)!.Value, row.BusinessDay, row.Rule,
        row.AmountMinor, Enum.Parse<Currency>(row.Currency), row.Stream);
}

/// <summary>Balances (余额) and the lines that make them.</summary>
internal static class BalanceEndpoints
{
    public static void MapBalances(this IEndpointRouteBuilder v1)
    {
        v1.MapGet("/balances", List).Admits(Role.Merchant, Role.Operator, Role.Auditor).WithTags("Balances 余额")
            .WithSummary("Balances now, or as of a position, moment or business day 余额查询")
            .WithDescription("A merchant sees its own accounts. as_of is a log position (12345), a moment "
                + "(2026-11-21T18:00:00+08:00), a business day (2026-11-21, its end) or now; then each balance says in "
                + "as_of up to which position it counts. Without it, balances are as far as the journal is.")
            .Produces<IReadOnlyList<BalanceView>>();
        v1.MapGet("/balances/{account}/lines", Lines).Admits(Role.Merchant, Role.Operator, Role.Auditor)
            .WithTags("Balances 余额").WithSummary("Why a balance is what it is 账户明细")
            .Produces<IReadOnlyList<JournalLineView>>();
    }

    private static async Task<IResult> List(
        string? as_of, string? account, Caller caller, JournalQueries journal, AccountStory story, JournalReach reach,
        CancellationToken cancellation)
    {
        var (moment, problem) = await AsOfIn(as_of, reach, cancellation);
        if (problem is not null)
            return problem;
        var maySee = Account.TryParse(account ?? "", out var known) && MaySee(caller, account!);
        var rows = account is null
            ? await journal.Balances(caller.Merchant?.Value, moment, cancellation)
            : maySee ? await journal.Balance(known, moment, cancellation) : [];
        if (account is not null && rows.Count == 0)
            return new Problem(
                "account_not_found",
                maySee && await story.First(known, cancellation) is { } first
                    ? $"Nothing was posted to {account} up to {as_of ?? "now"}: the first line is of position "
                        + $"{first.Position}, {PaymentView.InShanghai(first.RecordedAt):yyyy-MM-dd HH:mm:ss.fff}."
                    : $"There is no account {account}.");
        return Results.Ok(rows.Where(row => MaySee(caller, row.Account))
            .Select(row => BalanceView.Of(row, as_of is not null)).ToList());
    }

    private static async Task<IResult> Lines(
        string account, long? after, int? limit, Caller caller, JournalQueries journal, CancellationToken cancellation)
    {
        if (!Account.TryParse(account, out var known) || !MaySee(caller, account))
            return new Problem("account_not_found", $"There is no account {account}.");
        if (limit is < 1 or > 1000)
            return new Problem("parameter_invalid", "limit lies between 1 and 1000.");
        var rows = await journal.Lines(known, after ?? -1, limit ?? 200, cancellation);
        return Results.Ok(rows.Select(JournalLineView.Of).ToList());
    }

    // A receiver may be called like a merchant, and is another.
    private static bool MaySee(Caller caller, string account) => caller.Merchant is not { } merchant
        || (Account.TryParse(account, out var known) && known.Owner == merchant.Value
            && MerchantKinds.Contains(known.Kind));

    private static readonly AccountKind[] MerchantKinds =
    [
        AccountKind.MerchantPending, AccountKind.MerchantAvailable, AccountKind.MerchantFrozen,
        AccountKind.PayoutInTransit,
    ];

    private static async Task<(AsOf Moment, Problem? Problem)> AsOfIn(
        string? text, JournalReach reach, CancellationToken cancellation)
    {
        if (text is null)
            return (AsOf.Now, null);
        switch (LogPoint.Parse(text))
        {
            case LogPoint.Now:
                return (AsOf.Now, (await reach.Resolve("as_of", "now", cancellation)).Problem);
            case LogPoint.Day day:
                return (new(Day: day.On), (await reach.Resolve("as_of", "now", cancellation)).Problem);
            case LogPoint.Start or LogPoint.Position or LogPoint.Moment:
                var (position, problem) = await reach.Resolve("as_of", text, cancellation);
                return (new(Position: position), problem);
            default:
                return (AsOf.Now, LogPoints.Wrong(
                    "as_of",
                    $"{text} is no position, no moment with its offset, no day yyyy-MM-dd, not start or now."));
        }
    }
}
