using System.Text;
using Jifu.Ledger.Cli.Day;

namespace Jifu.Ledger.Cli.Tests.Day;

public class DayPlanTests
{
    private static readonly BusinessDay Saturday = new(new(2026, 11, 21));

    [Fact]
    public void The_same_day_and_seed_make_the_same_orders()
    {
        var (one, again) = (Told(Saturday, 7), Told(Saturday, 7));

        again.ShouldBe(one);
        Told(Saturday, 8).ShouldNotBe(one);
        Told(Saturday.Next, 7).ShouldNotBe(one);
        one.ShouldMatchApproved(o => o.NoDiff());
    }

    [Fact]
    public void Order_numbers_are_unique_and_refunds_never_exceed_their_order()
    {
        var orders = DayPlan.Of(Saturday, 20_000, 0.5, 7);

        orders.Select(order => order.OrderNo).Distinct().Count().ShouldBe(orders.Count);
        orders.ShouldAllBe(order => order.AmountMinor > 0 && order.Refunds.Sum() <= order.AmountMinor);
        orders.SelectMany(order => order.Refunds).ShouldAllBe(refund => refund > 0);
        orders.Select(order => order.Slice).Distinct().Count().ShouldBe(DayPlan.Slices);
    }

    [Fact]
    public void Everything_that_may_become_of_an_order_is_played()
    {
        var orders = DayPlan.Of(Saturday, 2_000, 0.05, 7);

        orders.Select(order => order.Fate).Distinct().Order().ShouldBe(Enum.GetValues<OrderFate>());
        orders.Select(order => order.Merchant).Distinct().Count().ShouldBe(DayPlan.Merchants.Count);
    }

    private static string Told(BusinessDay day, int seed) => DayPlan.Of(day, 12, 0.5, seed).Aggregate(
        new StringBuilder(), (text, order) => text.Append(FormattableString.Invariant(
            $"{order.Slice,2} {order.Merchant.Id} {order.OrderNo} {order.AmountMinor} {order.Fate} "))
            .AppendLine($"[{string.Join(' ', order.Refunds)}]"))
        .ToString();
}
