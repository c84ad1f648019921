using Jifu.Ledger.ReadModels.Statements;
using Jifu.Ledger.Reconciliation.Funds;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Reconciliation.Statements;

/// <summary>What a bank account holds by its statements at the end of a day.</summary>
/// <param name="BalanceMinor">Null where the statements tell no balance, or no order of the last lines follows.</param>
/// <param name="OpeningMinor">What it held before its first line; null likewise.</param>
/// <param name="Lines">How many lines there are up to that day, and what they come to.</param>
/// <param name="CoveredTo">The last day of any of its statements.</param>
public sealed record BankAccountBalance(
    string Account, long? BalanceMinor, long? OpeningMinor, int Lines, long MovedMinor, BusinessDay? CoveredTo)
{
    // Lines that come back to the same balance may begin anywhere: those before them say where.
    internal const int MomentsMax = 40;

    internal static BankAccountBalance Of(BankAccountRow account, IEnumerable<BankEdgeRow> edges, Currency currency)
    {
        var own = edges.Where(edge => edge.Account == account.Account).ToList();
        return new(
            account.Account,
            Told(own, edge => edge.FromLast, chain => chain.Closing, currency),
            Told(own, edge => edge.FromFirst, chain => chain.Opening, currency),
            account.Lines, account.MovedMinor, account.CoveredTo);
    }

    private static long? Told(
        List<BankEdgeRow> edges, Func<BankEdgeRow, long> moment, Func<BalanceChain, Money?> side, Currency currency)
    {
        for (var moments = 1; moments <= MomentsMax; moments++)
        {
            var near = edges.Where(edge => moment(edge) <= moments).ToList();
            if (near.Exists(edge => edge.BalanceMinor is null))
                return null;
            var chain = BalanceChain.Of(
                near.Select((edge, at) => new BalanceStep(
                    edge.BookedAt, new(edge.AmountMinor, currency), new(edge.BalanceMinor!.Value, currency), at + 1)),
                null);
            if (side(chain) is { } known)
                return known.MinorUnits;
            if (chain.Break is not null)
                return null;
        }

        return null;
    }
}

/// <summary>One thing that lies between the two balances.</summary>
/// <param name="Kind"><c>bank_received</c> 银行已收企业未收, <c>bank_paid</c> 银行已付企业未付, <c>we_received</c>
/// 企业已收银行未收, <c>we_paid</c> 企业已付银行未付; <c>before_statements</c> for what an account held before its first
/// line.</param>
/// <param name="AmountMinor">Positive came in.</param>
/// <param name="Gap">Where it comes from; null for what was there before.</param>
public sealed record BankBalanceItem(string Kind, long AmountMinor, string Account, BankGapRow? Gap)
{
    /// <summary>Whether the books have to be adjusted by it; otherwise the statement has.</summary>
    public bool IsAtBank => Kind is "bank_received" or "bank_paid" or "before_statements";

    internal static IEnumerable<BankBalanceItem> Of(BankGapRow row)
    {
        var gap = BankGap.Of(row.SeenMinor, row.LaterMinor, row.BookedMinor);
        if (gap.AtBankMinor != 0)
            yield return new(
                gap.AtBankMinor > 0 ? "bank_received" : "bank_paid", gap.AtBankMinor, row.Account ?? "", row);
        if (gap.WithUsMinor != 0)
            yield return new(
                gap.WithUsMinor > 0 ? "we_received" : "we_paid", gap.WithUsMinor, row.Account ?? "", row);
    }
}

/// <summary>A bank reconciliation statement (银行存款余额调节表): from both balances to the same one, item by item.
/// </summary>
/// <param name="BookMinor">What our account <c>bank</c> holds at the end of the day.</param>
public sealed record BankBalance(
    BusinessDay Day, Currency Currency, long BookMinor, IReadOnlyList<BankAccountBalance> Accounts,
    IReadOnlyList<BankBalanceItem> Items)
{
    /// <summary>What the statements of all accounts hold; null unless each of them tells it.</summary>
    public long? StatementMinor => Accounts.Count > 0 && Accounts.All(one => one.BalanceMinor is not null)
        ? Accounts.Aggregate(0L, (sum, one) => checked(sum + one.BalanceMinor!.Value))
        : null;

    /// <summary>The books' balance with what the bank has and they have not.</summary>
    public long AdjustedBookMinor => checked(BookMinor + Sum(item => item.IsAtBank));

    /// <summary>The statements' balance with what the books have and they have not.</summary>
    public long? AdjustedStatementMinor => checked(StatementMinor + Sum(item => !item.IsAtBank));

    /// <summary>What nothing explains: the statements lack lines between their first and their last. Null when a
    /// balance is not told.</summary>
    public long? RestMinor => checked(AdjustedStatementMinor - AdjustedBookMinor);

    private long Sum(Func<BankBalanceItem, bool> which) =>
        Items.Where(which).Aggregate(0L, (sum, item) => checked(sum + item.AmountMinor));
}
