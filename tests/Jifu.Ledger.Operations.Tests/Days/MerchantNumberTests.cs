using Jifu.Ledger.Merchants;
using Jifu.Ledger.Operations.Tests.Statements;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Days;

using static FundFlowTests;

/// <summary>A channel's bill says under whose number each trade stands, and our books to whom they have booked it.
/// </summary>
public class MerchantNumberTests
{
    [Fact]
    public async Task A_payment_of_one_sub_merchant_that_is_booked_to_another_is_a_difference()
    {
        await using var house = await House.Traded();
        await Has(house, "1900000999", "1900001000");
        var (first, second) = (
            Row("A1", 10_00) with { SubMerchantNumber = "1900000999" },
            Row("A2", 20_00) with { SubMerchantNumber = "1900000777" });
        var done = (await Import(house, Bill(first, second))).Completed!;
        (done.Matched, done.Differences).ShouldBe((1, 1));
        await house.CatchUp();
        var found = (await new ReconciliationQueries(house.Views).Differences(House.Friday, default))
            .ShouldHaveSingleItem();
        (found.Class, found.Theirs, found.Ours, found.ExcessMinor)
            .ShouldBe(("wrong_merchant", "1900000777", "1900000999 1900001000", 0));

        // What was said wrong is said again, and a corrected bill compares by it.
        await Has(house, "1900000999", "1900000777");
        (await Import(house, Bill(second, first), "numbers were wrong")).Completed!.Differences.ShouldBe(0);
    }

    [Fact]
    public async Task Without_numbers_of_its_merchant_a_payment_is_not_compared_by_them()
    {
        await using var house = await House.Traded();
        await Has(house, "1900000999");
        await Has(house);
        (await Import(house, Bill(
            Row("A1", 10_00) with { SubMerchantNumber = "1900000777" }, Row("A2", 20_00)))).Completed!.Differences
            .ShouldBe(0);
    }

    private static async Task Has(House house, params string[] numbers) => (await house.Merchants.Handle(
        new("m1"), new MerchantCommand.SetChannelNumbers(Channel.Sandbox, numbers.ToValueList(), house.Clock.Now),
        House.By, default)).Rejection.ShouldBeNull();
}
