using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

public class FundFlowAccountTests
{
    [Theory]
    [InlineData("flow.csv", "")]
    [InlineData("1900000109Basic2026-11-20.csv", "")]
    [InlineData("1900000109Fees2026-11-20.csv", "fees")]
    [InlineData("1900000109_OPERATION_2026-11-20.csv", "operation")]
    [InlineData("手续费账户.csv", "fees")]
    [InlineData("运营账户资金账单.csv", "operation")]
    [InlineData("all.zip/fees.csv", "fees")]
    [InlineData("fees.zip/20261120.csv", "fees")]
    [InlineData("fees.zip/basic.csv", "")]
    [InlineData("basic and fees.zip/20261120.csv", "")]
    [InlineData("cooperation-flow.csv", "")]
    public void The_name_of_a_file_tells_the_account(string fileName, string account) =>
        FundFlowAccount.Of(fileName).ShouldBe(account);
}
