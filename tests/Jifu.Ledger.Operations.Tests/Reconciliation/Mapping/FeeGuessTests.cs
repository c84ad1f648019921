using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

using static GuessedFiles;

/// <summary>Fees are held against the bill with their sign, as they are compared.</summary>
public sealed class FeeGuessTests : IDisposable
{
    private static readonly TradeBillRow[] Bill =
    [
        Paid("P1", 100_00, 60), Paid("P2", 25_80, 15), Paid("P3", 1_00), Refunded("P1", "R1", 41_00, -25),
        Refunded("P2", "R2", 10_00, -6),
    ];

    private readonly GuessedFiles _files = new();

    public void Dispose() => _files.Dispose();

    [Theory]
    [InlineData("0.60", "0.15", "-0.25", "-0.06", "")]
    [InlineData("-0.60", "-0.15", "0.25", "0.06", "payments' have a minus sign, refunds' have none")]
    [InlineData("0.60", "0.15", "0.25", "0.06", "refunds' have none")]
    [InlineData("-0.60", "-0.15", "-0.25", "-0.06", "payments' have a minus sign")]
    public void Fees_with_another_sign_than_the_bill_s_are_turned_and_that_is_said(
        string first, string second, string third, string fourth, string turned)
    {
        var orders = $"单号,类型,金额,手续费\nP1,支付,100,{first}\nP2,支付,25.80,{second}\nP3,支付,1.00,0.00\n"
            + $"R1,退款,41,{third}\nR2,退款,10,{fourth}\n";
        var result = _files.Compared(Bill, orders);
        (result.Ours.FeeMinor, result.DifferenceCount, result.Matched).ShouldBe((44, 0, 5));
        var why = _files.Guess(Bill, orders).Fields.Single(field => field.Field == "fee").Why;
        why.ShouldBe(
            "agrees with the bill in all 5 rows"
                + (turned.Length > 0 ? $"; {turned}" : ""));
    }
}
