using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Tests.Bills;

/// <summary>Runs every folder of reconciliation-fixtures. After a look at them, <c>JIFU_SNAPSHOT=accept</c> writes what
/// came out to <c>expected.txt</c>.</summary>
public class ReconciliationFixtureTests
{
    private static readonly bool Accepts =
        Environment.GetEnvironmentVariable("JIFU_SNAPSHOT") == "accept"
        && Environment.GetEnvironmentVariable("CI") is null;

    public static TheoryData<string> Cases => new(ReconciliationCase.Names);

    [Theory, MemberData(nameof(Cases))]
    public void A_bill_and_our_books_compare_as_expected(string name)
    {
        var fixture = ReconciliationCase.Named(name);
        using var bill = File.OpenRead(fixture.BillPath);
        var told = BillStory.Of(bill, fixture);
        if (Accepts)
            File.WriteAllText(fixture.ExpectedPath, told);

        told.ShouldBe(File.ReadAllText(fixture.ExpectedPath));
    }

    [Theory, MemberData(nameof(Cases))]
    public void However_its_bytes_arrive_a_bill_says_the_same(string name)
    {
        var fixture = ReconciliationCase.Named(name);
        var bytes = File.ReadAllBytes(fixture.BillPath);

        BillStory.Of(new MemoryStream(bytes), fixture).ShouldBe(BillStory.Of(new Trickle(bytes), fixture));
    }

    [Fact]
    public void Each_refusal_has_its_case()
    {
        var told = string.Concat(
            ReconciliationCase.Names.Select(name => File.ReadAllText(ReconciliationCase.Named(name).ExpectedPath)));

        // A hash is told of a file, not in it.
        Enum.GetValues<BillRejection>().Except([BillRejection.None, BillRejection.BillHashDiffers])
            .Where(code => !told.Contains($": {SnakeCase.Of($"{code}")}: ", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Each_class_of_difference_has_its_case_at_each_channel()
    {
        string[] classes =
        [
            "all-matched", "amount-differs", "cut-off-carried", "duplicate-row", "fee-differs", "only-at-channel",
            "only-with-us", "status-differs", "wrong-day", "wrong-day-in-an-order-export",
            "wrong-merchant",
        ];
        var missing =
            from channel in new[] { Channel.WeChatPay, Channel.Alipay, Channel.UnionPay }
            from difference in classes
            let name = $"{channel.Name()}/{difference}"
            where !ReconciliationCase.Names.Contains(name)
            select name;
        missing.ShouldBeEmpty();
    }

    [Fact]
    public void Each_class_that_is_stored_has_a_case_and_those_of_money_at_each_channel_with_a_fund_flow()
    {
        var told = (
            from name in ReconciliationCase.Names
            from path in Directory.GetFiles(Path.Combine(ReconciliationCase.Root, name), "expected*")
            from line in File.ReadLines(path)
            select (Channel: name.Split('/')[0], Class: line.Split(' ', ',')[0])).ToHashSet();
        DifferenceClasses.OfTrade.Where(one => !told.Any(line => line.Class == one)).ShouldBeEmpty();
        var money =
            from channel in new[] { "wechatpay", "alipay" }
            from one in DifferenceClasses.OfMoney
            where !told.Contains((channel, one))
            select $"{channel}: {one}";
        money.ShouldBeEmpty();
    }
}
