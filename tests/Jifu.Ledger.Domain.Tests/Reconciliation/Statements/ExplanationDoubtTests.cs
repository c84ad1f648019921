using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Statements;

public class ExplanationDoubtTests
{
    [Theory]
    [InlineData("bank_fee", -1_000_000_00, 0, "fee_is_large")]
    [InlineData("bank_fee", -1_000_00, 0, "")]
    [InlineData("bank_fee", -50_00, 1_000_00, "much_of_the_movement")]
    [InlineData("bank_fee", -10_00, 1_000_00, "")]
    [InlineData("bank_fee", -6_00, 50_00, "")]
    [InlineData("bank_fee", -50_00, -1_000_00, "much_of_the_movement")]
    [InlineData("bank_interest", 100_000_01, 0, "interest_is_large")]
    [InlineData("difference_result:alipay", 10_000_01, 0, "result_is_large")]
    [InlineData("own_transfer", -1_000_000_00, 0, "")]
    [InlineData("channel_receivable:unionpay", -1_000_000_00, 0, "")]
    public void What_is_unusually_much_is_worth_a_second_look(string account, long minor, long movements, string code)
    {
        Account.TryParse(account, out var known).ShouldBeTrue();
        (ExplanationDoubt.About(known, new(minor, Currency.CNY), movements)?.Code ?? "").ShouldBe(code);
    }

    [Theory]
    [InlineData("bank_fee", 35_00, true)]
    [InlineData("bank_fee", 0, false)]
    [InlineData("bank_interest", -12_34, true)]
    [InlineData("difference_result:alipay", -12_34, false)]
    [InlineData("own_transfer", 5, false)]
    public void A_fee_leaves_the_account_and_interest_comes_in(string account, long minor, bool contradicts)
    {
        Account.TryParse(account, out var known).ShouldBeTrue();
        ExplanationDoubt.Contradicts(known, new(minor, Currency.CNY)).ShouldBe(contradicts);
    }
}
