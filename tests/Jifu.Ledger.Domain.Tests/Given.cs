using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Risk;
using Jifu.Ledger.Splits;

namespace Jifu.Ledger.Domain.Tests;

using static PaymentCommand;

/// <summary>A merchant, a Friday and what is asked of a payment there: 0.6 % for the merchant, 0.2 % for the
/// channel.</summary>
internal static class Given
{
    public static readonly MerchantId TeaHouse = new("m-8");
    public static readonly BusinessDay Friday = new(new(2026, 11, 20));
    public static readonly BusinessDay Saturday = Friday.Next;
    public static readonly DateTimeOffset Noon = Friday.Start.AddHours(12);
    public static readonly RiskDecision Passed = new(true, []);
    public static readonly RiskDecision Stopped =
        new(false, [new RuleResult("per_transaction_limit", RuleVerdict.Refuse, "CNY 100.00 of CNY 50.00")]);

    public static readonly Close Closing = new(Noon);

    public static Money Cny(long fen) => new(fen, Currency.CNY);

    public static PaymentOrder Order(long fen = 100_00, string description = "coffee") =>
        new(TeaHouse, "A-1", Cny(fen), Channel.WeChatPay, PaymentProduct.Native, description, null, null, null, []);

    public static Create Create(
        long fen = 100_00, string description = "coffee", RiskDecision? risk = null,
        FeeOnRefund onRefund = FeeOnRefund.Returned, params SplitShare[] shares) =>
        new(Order(fen, description), new(Quote(fen, onRefund), [.. shares], Friday), risk ?? Passed, Noon);

    public static FeeQuote Quote(long fen, FeeOnRefund onRefund = FeeOnRefund.Returned) =>
        FeeQuote.For(Cny(fen), new(6_000), onRefund, new(Channel.WeChatPay, new(2_000), onRefund));

    public static Succeed Paid(long fen = 100_00, string reference = "wx-1") =>
        new(reference, Cny(fen), Noon, Friday, Noon);

    public static Fail Fails => new("NOTENOUGH", "no money on the card", Noon);

    public static MarkUnknown Unclear => new("no answer in time", Noon);

    public static RequestRefund Refund(string no, long fen, string reason = "too cold") =>
        new(new(no), Cny(fen), reason, null, Friday, Noon);

    public static ConfirmRefund Refunded(string no, long fen, string reference = "wr-1") =>
        new(new(no), reference, Cny(fen), Noon, Friday, Noon);

    public static FailRefund RefundFails(string no) => new(new(no), "ACCOUNT_ABNORMAL", "card closed", Friday, Noon);

    public static SplitShare Gets(string receiver, long fen) => new(new(receiver), Cny(fen));

    public static MakeSplit SplitAs(string no, params SplitRule[] rules) => new(new(no), [.. rules], Friday, Noon);

    public static SplitRule Fixed(string receiver, long fen) => new(new(receiver), SplitBasis.Amount, fen);

    public static SplitRule PartsPerMillion(string receiver, long value) =>
        new(new(receiver), SplitBasis.Rate, value);
}
