using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Money;

namespace Jifu.Ledger.Cli.Tests.Money;

public class ThreeSidesCommandTests
{
    [Theory]
    [InlineData("wechatpay", "", true)]
    [InlineData("wechatpay", "line 3 after line 2", false)]
    [InlineData("alipay", "line 3 after line 2", true)]
    public void Balances_must_follow_where_the_channel_promises_it(string channel, string breaks, bool agrees) =>
        ThreeSidesCommand.MoneyAgrees(new JsonObject
        {
            ["channel"] = channel, ["fund_flow_differences"] = 0L, ["fund_flow_break"] = breaks,
            ["bank"] = "confirmed",
        }).ShouldBe(agrees);

    [Theory]
    [InlineData("confirmed", true)]
    [InlineData("differs", false)]
    [InlineData("outstanding", false)]
    public void What_came_must_be_what_the_bill_says(string bank, bool agrees) =>
        ThreeSidesCommand.MoneyAgrees(new JsonObject
        {
            ["channel"] = "wechatpay", ["fund_flow_differences"] = 0L, ["fund_flow_break"] = "", ["bank"] = bank,
        }).ShouldBe(agrees);
}
