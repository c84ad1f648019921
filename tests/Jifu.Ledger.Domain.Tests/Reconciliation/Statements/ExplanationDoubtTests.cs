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
        (ExplanationDoubt.About(known, new(minor, Currency.CNY), movements, [checked(minor + movements)])?.Code ?? "")
            .ShouldBe(code);
    }

    [Theory]
    [InlineData("bank_interest", new[] { 1_000_000_00L, -999_999_00L }, 0, "lines_level_each_other")]
    [InlineData("bank_interest", new[] { 100_000_00L, -99_999_00L }, 0, "")]
    [InlineData("bank_interest", new[] { 900_000_00L, -100_000_00L }, 0, "interest_is_large")]
    [InlineData("bank_fee", new[] { -1_000_01L, 1_000_01L }, 0, "lines_level_each_other")]
    [InlineData("bank_fee", new[] { -35_00L, 35_00L }, 0, "")]
    [InlineData("bank_fee", new[] { -600_00L, -500_00L }, 0, "fee_is_large")]
    [InlineData("own_transfer", new[] { 1_000_000_00L, -999_999_00L }, 0, "")]
    [InlineData("bank_interest", new[] { 500_000_00L, -490_000_00L, 1_00L }, 10_000_00, "lines_level_each_other")]
    [InlineData("bank_interest", new[] { -500_000_00L, 490_000_00L, 1_00L }, -10_000_00, "lines_level_each_other")]
    [InlineData("bank_interest", new[] { 500_000_00L, 500_001_00L }, 1_000_000_00, "")]
    [InlineData("bank_fee", new[] { 500_000_00L, -5_00L }, 500_000_00, "")]
    public void Lines_that_level_each_other_are_held_one_by_one(
        string account, long[] lines, long movements, string code)
    {
        Account.TryParse(account, out var known).ShouldBeTrue();
        var amount = new Money(lines.Sum() - movements, Currency.CNY);
        (ExplanationDoubt.About(known, amount, movements, lines)?.Code ?? "").ShouldBe(code);
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
