using Jifu.Ledger.Journal;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Differences;

using static Given;

/// <summary>The two sides of a line level each other, whichever of them owes.</summary>
public class ArrivalTests
{
    [Theory]
    [InlineData("payment:p1", -9_96, 9_96, 9_96)]
    [InlineData("payment:p1", -9_96, 9_90, 9_90)]
    [InlineData("refund:p1.r1", 9_96, -9_96, -9_96)]
    [InlineData("refund:p1.r1", 9_96, -9_90, -9_90)]
    [InlineData("refund:p1.r1", 9_90, -9_96, -9_90)]
    [InlineData("revoke:p1", 9_96, -9_96, -9_96)]
    [InlineData("refund:p1.r1", 0, 0, 0)]
    public void Both_sides_give_up_what_they_have_in_common(string key, long ours, long theirs, long freed)
    {
        var (we, they) = (Open("only_with_us", key, ours), Open("only_at_channel", key, theirs));
        var arrival = Arrivals.Of([we, they], [], []).ShouldHaveSingleItem();
        arrival.Difference.ShouldBe(we);
        arrival.Other!.Difference.ShouldBe(they);
        arrival.Shares.ShouldBe(Of(-freed));
        arrival.Other.Shares.ShouldBe(Of(freed));
    }

    [Theory]
    [InlineData(9_96, 9_96)]
    [InlineData(-9_96, -9_96)]
    [InlineData(0, -9_96)]
    [InlineData(9_96, 0)]
    public void Two_that_owe_the_same_way_have_nothing_in_common(long ours, long theirs) => Arrivals.Of(
        [Open("only_with_us", "refund:p1.r1", ours), Open("only_at_channel", "refund:p1.r1", theirs)], [], [])
        .ShouldBeEmpty();

    private static ValueList<SuspenseShare> Of(long fen) =>
        fen == 0 ? [] : [new(Account.Receivable(Channel.WeChatPay), Cny(fen))];

    private static OpenDifference Open(string kind, string key, long fen) => new(
        new(Channel.WeChatPay, Friday, kind, key, "line", "", "", Cny(fen), 1), Cny(fen));
}
