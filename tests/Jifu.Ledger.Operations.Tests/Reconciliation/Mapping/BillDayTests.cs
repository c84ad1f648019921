using Jifu.Ledger.Operations.Reconciliation.Mapping;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Mapping;

/// <summary>Of which day a bill is, as nobody has said.</summary>
public sealed class BillDayTests
{
    private static readonly string Fixtures = Path.Combine(
        AppContext.BaseDirectory.Split("/tests/")[0], "reconciliation-fixtures");

    [Fact]
    public void UnionPays_day_begins_on_the_evening_before()
    {
        var bill = Path.Combine(Fixtures, "unionpay", "evening-before", "INN26070188ZM_777290058110048");
        var sample = BillSample.Read(bill, Channel.UnionPay);
        BillSample.DayOf(sample, bill, Channel.UnionPay).ShouldBe(new BusinessDay(new(2026, 7, 1)));
    }
}
