using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.ReadModels.Tests.Reconciliation;

public class CarryTests
{
    [Fact]
    public async Task A_carried_line_is_open_until_another_day_ends_it_and_belongs_to_that_day_still()
    {
        await using var company = await Company.Found();
        var carries = new ReconciliationQueries(company.Views);
        var (friday, saturday) = (Company.Friday, Company.Friday.Next);
        await company.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{friday}", new ReconciliationEvent.Carried(
            Channel.Sandbox, friday, "payment:p1", new(99_40, Currency.CNY), "ours"));
        await company.CatchUp();

        (await carries.OpenCarries(Channel.Sandbox, friday, default)).ShouldBeEmpty();
        (await carries.OpenCarries(Channel.Sandbox, saturday, default)).Count.ShouldBe(1);

        await company.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{saturday}",
            new ReconciliationEvent.CarriedMet(Channel.Sandbox, saturday, "payment:p1"));
        await company.CatchUp();

        (await carries.OpenCarries(Channel.Sandbox, saturday, default)).Count.ShouldBe(1);
        (await carries.OpenCarries(Channel.Sandbox, saturday.Next, default)).ShouldBeEmpty();
    }
}
