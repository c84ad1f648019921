using System.Globalization;
using System.Text;
using Jifu.Ledger.Clearing;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Domain.Tests.Journal;

using static Given;

/// <summary>The day that docs/concepts/chart-of-accounts.md tells, posted by the rules.</summary>
internal static class WorkedDay
{
    private static readonly MerchantId Tea = new("tea");
    private static readonly MerchantId Noodles = new("noodles");
    private const Channel Wechat = Channel.WeChatPay;

    private static readonly Returns Half = new(Cny(30), Cny(10), [new(Payment.SplitByTerms, new("agent"), Cny(5_00))]);

    private static readonly MerchantPosition NoodlesNet =
        new(Noodles, 1, 0, Cny(200_00), Cny(0), Cny(1_20), Cny(0), Cny(0));

    private static readonly MerchantPosition TeaNet =
        new(Tea, 1, 1, Cny(100_00), Cny(50_00), Cny(30), Cny(5_00), Cny(0));

    private static readonly (string What, object Event)[] Steps =
    [
        ("A payer pays tea 100.00", new PaymentEvent.Succeeded(
            Tea, Wechat, Cny(100_00), Cny(60), Cny(20), "wx-1", Noon, Friday)),
        ("tea's agent gets its share", new PaymentEvent.SplitMade(
            Payment.SplitByTerms, Tea, Wechat, [Gets("agent", 10_00)], Friday, Noon)),
        ("A payer pays noodles 200.00", new PaymentEvent.Succeeded(
            Noodles, Wechat, Cny(200_00), Cny(1_20), Cny(40), "wx-2", Noon, Friday)),
        ("noodles is cleared T+0", new ClearingEvent.MerchantCleared(
            new("T0"), Wechat, Friday, SettlementTerm.T0, NoodlesNet, Noon)),
        ("noodles' payout goes out", new SettlementEvent.PayoutSent(Noodles, NoodlesNet.Payable, "1", Friday, Noon)),
        ("the bank confirms it", new SettlementEvent.PayoutConfirmed(
            Noodles, NoodlesNet.Payable, "bk-1", Friday, Noon)),
        ("tea refunds 50.00", new PaymentEvent.RefundRequested(
            new("R-1"), Tea, Wechat, Cny(50_00), Half, "cold", null, Friday, Noon)),
        ("the payer has it back", new PaymentEvent.RefundSucceeded(
            new("R-1"), Tea, Wechat, Cny(50_00), Half, "wr-1", Noon, Friday)),
        ("The day is over; tea is cleared T+1", new ClearingEvent.MerchantCleared(
            new("T1"), Wechat, Friday, SettlementTerm.T1, TeaNet, Noon)),
        ("tea's payout goes out", new SettlementEvent.PayoutSent(Tea, TeaNet.Payable, "2", Saturday, Noon)),
        ("the bank confirms it", new SettlementEvent.PayoutConfirmed(Tea, TeaNet.Payable, "bk-2", Saturday, Noon)),
        ("The bill holds 3.00, less 0.01, that we do not know", new ReconciliationEvent.DifferenceFound(
            Wechat, Friday, "only_at_channel", "payment:p0a1", "line", "CNY 3.00", "", Cny(2_99))),
        ("The channel pays Friday's net", new ReconciliationEvent.FundsReceived(
            Wechat, Friday, Cny(252_49), NoodlesNet.Payable, "bk-3", Noon)),
    ];

    /// <summary>Each entry's lines, and the balances at the end, as tables of a document.</summary>
    public static string Told()
    {
        var books = new Books();
        var told = new StringBuilder("| what happens | rule | account | debit 借 | credit 贷 |\n|---|---|---|--:|--:|\n");
        foreach (var (what, @event) in Steps)
        {
            var entry = books.Post(@event)!;
            var (first, rule) = (what, $"`{entry.Rule}`");
            foreach (var line in entry.Lines)
            {
                told.Append($"| {first} | {rule} | `{line.Account}` | {Sides(line.Amount)} |\n");
                (first, rule) = ("", "");
            }
        }

        told.Append("\n| account at the end | debit 借 | credit 贷 |\n|---|--:|--:|\n");
        foreach (var (account, balance) in books.Balances)
            told.Append($"| `{account}` | {Sides(balance)} |\n");
        return $"{told}";
    }

    private static string Sides(Money amount) => amount.MinorUnits switch
    {
        0 => "0.00 | ",
        > 0 => $"{Yuan(amount)} | ",
        _ => $" | {Yuan(-amount)}",
    };

    private static string Yuan(Money amount) =>
        (amount.MinorUnits * 0.01m).ToString("0.00", CultureInfo.InvariantCulture);
}
