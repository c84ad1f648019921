using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.ReadModels.Statements;

/// <summary>Withdrawals that did not get through, and what brought them back (提现退回): where the bank has seen neither,
/// neither is expected of it.</summary>
internal static class ReturnedMoney
{
    /// <summary>All but each return and the one that it brings back: the latest before it of the same reference, or
    /// else of the same amount. A return that finds none stays, for the bank has seen the other one.</summary>
    public static IReadOnlyList<ExpectedMoneyRow> Without(IReadOnlyList<ExpectedMoneyRow> open)
    {
        if (!open.Any(row => row.IsReturn))
            return open;
        var left = open.ToList();
        foreach (var back in open.Where(row => row.IsReturn))
        {
            var sent = left.FindLast(one => Brings(back, one) && one.Reference == back.Reference)
                ?? left.FindLast(one => Brings(back, one));
            if (sent is not null)
                left.RemoveAll(one => one == sent || one == back);
        }

        return left;
    }

    private static bool Brings(ExpectedMoneyRow back, ExpectedMoneyRow one) =>
        one is { IsReturn: false, Number: not "" } && one.Channel == back.Channel
        && one.AmountMinor == -back.AmountMinor && one.Currency == back.Currency
        && one.Day <= back.Day && back.Day.Date.DayNumber - one.Day.Date.DayNumber <= StatementMatching.DaysMax;
}
