using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>What is refused is quoted, with all that would do.</summary>
public class RefusalWordsTests
{
    [Fact]
    public void Each_account_that_takes_a_line_is_offered()
    {
        var said = ExplainedAccounts.NotTaken(Account.FeeIncome);
        foreach (var offered in said.Split(": ")[1].Replace(" do.", "").Replace("CHANNEL", "alipay").Split(", "))
        {
            Account.TryParse(offered, out var account).ShouldBeTrue(offered);
            ExplainedAccounts.Take(account).ShouldBeTrue(offered);
        }

        said.ShouldStartWith("fee_income takes no line of the bank: ");
        foreach (var kind in new[] { "channel_cost", "channel_receivable", "difference_result", "bank_suspense" })
            said.ShouldContain(kind);
    }

    [Fact]
    public void An_unknown_channel_is_said_to_be_one()
    {
        var said = ExplainedAccounts.NotTaken(new(AccountKind.ChannelReceivable, "wechat"));
        said.ShouldStartWith("channel_receivable:wechat: there is no channel 'wechat'; there are ");
        said.ShouldContain("wechatpay");
    }

    [Theory]
    [InlineData("action", "销账", "", "", "")]
    [InlineData("due", "挂账", "明天", "", "")]
    [InlineData("account", "调账", "", "fee", "")]
    [InlineData("amount", "核销", "", "", "12,3")]
    public void What_is_filled_in_and_not_understood_is_quoted(
        string field, string action, string due, string account, string amount)
    {
        var (remedy, wrong) = new RemedyForm(action, Account: account, Due: due, Amount: amount).Read(new("d1"));
        remedy.ShouldBeNull();
        var quoted = new[] { account, due, amount, action }.First(text => text.Length > 0);
        wrong.ShouldHaveSingleItem().Field.ShouldBe(field);
        wrong[0].Expected.ShouldEndWith($", not '{quoted}'");
    }
}
