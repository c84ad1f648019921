using Jifu.Ledger.Channels;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Statements;

using static FundFlowTests;

/// <summary>A merchant has several accounts with WeChat Pay, each with a fund flow of its own that does not say of
/// which it is.</summary>
public class FundFlowAccountsTests
{
    private static readonly ChannelBillFile
        Gross = Flow("12:00:00,4200A1,交易,收入,10.00,110.00", "12:00:01,4200A2,交易,收入,20.00,130.00"),
        Fees = Flow("12:00:00,4200A1,扣除交易手续费,支出,0.04,6.96", "12:00:01,4200A2,扣除交易手续费,支出,0.08,6.88")
            with { FileName = "1900000109Fees2026-11-20.csv" };

    [Fact]
    public async Task Fees_that_are_charged_to_an_account_of_their_own_complete_what_the_trades_moved()
    {
        await using var house = await House.Traded();
        await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)));
        await Import(house, Gross);
        (await Differences(house)).ShouldBe(["funds_differ 4", "funds_differ 8"]);

        (await Import(house, Fees with { FileName = "other.csv" })).Refusal!.Detail.ShouldContain("(Operation, Fees)");
        (await Import(house, Fees)).Refusal.ShouldBeNull();
        (await Differences(house)).ShouldBeEmpty();
        (await Sides(house)).FundFlowBreak.ShouldBeEmpty();
        (await Import(house, Fees)).AlreadyThere.ShouldBeTrue();
        (await Import(house, Gross)).AlreadyThere.ShouldBeTrue();

        // Each takes only the place of its own.
        var corrected = Flow("12:00:00,4200A1,扣除交易手续费,支出,0.04,6.96") with { FileName = Fees.FileName };
        (await Import(house, corrected)).Refusal!.Code.ShouldBe("bill_already_imported");
        (await Import(house, corrected, "sent again")).Refusal.ShouldBeNull();
        (await Differences(house)).ShouldBe(["funds_differ 8"]);
        (await new ImportQueries(house.Views).OfDay(House.Friday, default)).Where(one => one.SupersededAt is null)
            .Select(one => one.FileName).ShouldBe(["flow.csv", Fees.FileName, "bill.csv"], ignoreOrder: true);
    }

    [Fact]
    public async Task Bytes_that_were_brought_under_another_name_before_are_of_the_account_that_the_new_name_tells()
    {
        await using var house = await House.Traded();
        await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)));
        await Import(house, Fees with { FileName = "mistaken.csv" });
        await Import(house, Gross, "that was of the account for fees");
        await Import(house, Fees);
        (await Differences(house)).ShouldBeEmpty();
        (await Sides(house)).FundFlowBreak.ShouldBeEmpty();
    }

    [Fact]
    public async Task One_archive_may_hold_all_of_them_and_is_replaced_as_a_whole()
    {
        await using var house = await House.Traded();
        await Import(house, Bill(Row("A1", 10_00), Row("A2", 20_00)));
        (await Import(house, BillZip.Of(Gross, Fees))).Refusal.ShouldBeNull();
        (await Differences(house)).ShouldBeEmpty();
        (await Sides(house)).FundFlowBreak.ShouldBeEmpty();
        (await Import(house, Fees)).Refusal!.Code.ShouldBe("bill_already_imported");
        (await Import(house, Fees, "sent again")).Refusal!.Detail.ShouldContain("just the accounts of one");
    }
}
