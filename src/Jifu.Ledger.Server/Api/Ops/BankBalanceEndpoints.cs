using Jifu.Ledger.Operations.Reconciliation.Statements;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Ops;

/// <summary>A bank account by its statements; amounts in minor units.</summary>
/// <param name="BalanceMinor">Absent where the statements tell none.</param>
/// <param name="OpeningMinor">What it held before its first line; absent likewise.</param>
/// <param name="CoveredTo">The last day of its statements.</param>
internal sealed record BankAccountView(
    string Account, long? BalanceMinor, long? OpeningMinor, int Lines, long MovedMinor, BusinessDay? CoveredTo);

/// <summary>What lies between the two balances; positive came in.</summary>
/// <param name="Kind"><c>bank_received</c>, <c>bank_paid</c>, <c>we_received</c>, <c>we_paid</c> or
/// <c>before_statements</c>.</param>
/// <param name="Name">The same for finance, in Chinese.</param>
/// <param name="Day">The first day of it on either side; absent for what was there before.</param>
/// <param name="Movements">What it is, as far as that is known, divided by blanks.</param>
/// <param name="Line">The bank's line; absent where there is none by that day.</param>
internal sealed record BankItemView(
    string Kind, string Name, long AmountMinor, string Account, BusinessDay? Day, string Movements, string? Line,
    string Reference, string Counterparty, string Note)
{
    public static BankItemView Of(BankBalanceItem item) => new(
        item.Kind, BankBalanceSheet.NameOf(item.Kind), item.AmountMinor, item.Account, item.Gap?.Day,
        item.Gap?.Movements ?? "", item.Gap?.Line, item.Gap?.Reference ?? "", item.Gap?.Counterparty ?? "",
        item.Gap?.Note ?? "");
}

/// <summary>A bank reconciliation statement (余额调节表).</summary>
/// <param name="BookMinor">What our account <c>bank</c> holds.</param>
/// <param name="AdjustedBookMinor">With what the bank has and the books have not.</param>
/// <param name="StatementMinor">What all accounts hold; absent unless each tells it.</param>
/// <param name="AdjustedStatementMinor">With what the books have and the bank has not.</param>
/// <param name="RestMinor">What nothing explains; zero when both come to the same.</param>
internal sealed record BankBalanceView(
    BusinessDay Day, string Currency, long BookMinor, long AdjustedBookMinor, long? StatementMinor,
    long? AdjustedStatementMinor, long? RestMinor, IReadOnlyList<BankAccountView> Accounts,
    IReadOnlyList<BankItemView> Items)
{
    public static BankBalanceView Of(BankBalance balance) => new(
        balance.Day, $"{balance.Currency}", balance.BookMinor, balance.AdjustedBookMinor, balance.StatementMinor,
        balance.AdjustedStatementMinor, balance.RestMinor,
        [
            .. balance.Accounts.Select(one => new BankAccountView(
                one.Account, one.BalanceMinor, one.OpeningMinor, one.Lines, one.MovedMinor, one.CoveredTo)),
        ],
        [.. balance.Items.Select(BankItemView.Of)]);
}

/// <summary>The bank reconciliation statement of a day (余额调节表), as JSON and as a file.</summary>
internal static class BankBalanceEndpoints
{
    public static void MapBalance(this RouteGroupBuilder bank)
    {
        bank.MapGet("/balance", Balance).Admits(Role.Operator, Role.Auditor)
            .WithSummary("Our books' bank balance and the statements', reconciled item by item 余额调节表")
            .Produces<BankBalanceView>();
        bank.MapGet("/balance.csv", File).Admits(Role.Operator, Role.Auditor)
            .WithSummary("The same as a CSV file for Excel").Produces(StatusCodes.Status200OK, contentType: "text/csv");
    }

    private static async Task<IResult> Balance(
        string day, BankBalanceSheet sheet, TimeProvider time, CancellationToken cancellation) =>
        Unknown(day, time, out var known)
        ?? Results.Ok(BankBalanceView.Of(await sheet.Of(known, cancellation)));

    private static async Task<IResult> File(
        string day, BankBalanceSheet sheet, TimeProvider time, CancellationToken cancellation)
    {
        if (Unknown(day, time, out var known) is { } problem)
            return problem;
        var balance = await sheet.Of(known, cancellation);
        using var written = new MemoryStream();
        BankBalanceSheet.Write(written, balance);
        return Results.File(written.ToArray(), "text/csv; charset=utf-8", $"bank-balance-{known}.csv");
    }

    private static Problem? Unknown(string day, TimeProvider time, out BusinessDay known) =>
        !BusinessDay.TryParse(day, out known) ? OpsEndpoints.NoDay(day)
        : known > BusinessDay.Of(time.GetUtcNow())
            ? new Problem("parameter_invalid", $"{known} has not begun: nobody knows its balances.")
            : null;
}
