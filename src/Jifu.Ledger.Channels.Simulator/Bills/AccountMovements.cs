using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>Money that the channel sent to our bank, or had from there.</summary>
/// <param name="At">When, by the sandbox's clock.</param>
/// <param name="Of">The day whose bill it settles.</param>
/// <param name="Amount">In fen; negative where we owed the channel.</param>
internal sealed record Withdrawal(DateTime At, BusinessDay Of, string BankReference, long Amount);

/// <summary>What moves in our account with the channel: the rows of the trade bill, each with its charge, and what goes
/// to the bank. Pure: the same rows make the same movements.</summary>
internal static class AccountMovements
{
    private sealed record Movement(
        DateTime At, string Reference, string OrderNumber, string Business, long Amount, string Note);

    /// <param name="opening">What the account holds before the first of them, in fen.</param>
    public static IEnumerable<FundFlowLine> Of(
        BusinessDay day, string merchantNumber, IEnumerable<BillRow> rows, IEnumerable<Withdrawal> withdrawals,
        long opening)
    {
        var (balance, number) = (opening, 0);

        // Within a second, what is paid comes before what is given back of it.
        var movements = rows.OrderBy(row => row.Kind != "payment").SelectMany(Of).Concat(withdrawals.Select(Of));
        foreach (var one in movements.OrderBy(one => one.At))
        {
            balance += one.Amount;
            yield return new(
                one.At, $"{merchantNumber}{day.Date:yyyyMMdd}{++number:D10}", one.Reference, one.OrderNumber,
                one.Business, Yuan(one.Amount), Yuan(balance), "", one.Note, number + 1);
        }
    }

    // A payment and its charge are two movements; a refund is one, less the charge that comes back with it.
    private static IEnumerable<Movement> Of(BillRow row)
    {
        if (row.Kind == "payment")
        {
            yield return new(row.At, row.Reference, row.PaymentId, "交易", row.Amount, "");
            if (row.Fee != 0)
                yield return new(row.At, row.Reference, row.PaymentId, "扣除交易手续费", -row.Fee, "");
        }
        else
        {
            yield return new(
                row.At, row.RefundReference ?? row.Reference, row.RefundNo ?? row.PaymentId, "退款", row.Net,
                $"退款总金额{Text(row.Amount)}元;含手续费{Text(-row.Fee)}元");
        }
    }

    private static Movement Of(Withdrawal one) => new(
        one.At, one.BankReference, "", one.Amount < 0 ? "充值" : "提现", -one.Amount, $"{one.Of} 结算");

    private static Money Yuan(long fen) => new(fen, Currency.CNY);

    private static string Text(long fen) => FormattableString.Invariant($"{fen * 0.01m:0.00}");
}
