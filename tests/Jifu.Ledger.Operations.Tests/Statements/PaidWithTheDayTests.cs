using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Operations.Tests.Reconciliation.Differences;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.ReadModels.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Statements;

/// <summary>The bank is asked for what a channel pays with the day, also where that is not what its bill nets to.
/// </summary>
public class PaidWithTheDayTests
{
    private const long Share = 30_00;
    private static readonly BusinessDay Day = new(new(2026, 7, 1));

    [Theory]
    [InlineData("all-matched", 85_30, null)]
    [InlineData("fees-settled-apart", 85_66, 85_66L)]
    public async Task What_comes_to_the_bank_is_what_the_rows_say_is_settled(string fixture, long due, long? paid)
    {
        await using var desk = await Compared(fixture);
        var row = await new ReconciliationQueries(desk.House.Views).Find(Channel.UnionPay, Day, default);
        (row!.TheirNetMinor, row.TheirPaidMinor).ShouldBe((85_30, paid));
        (await desk.Queries.Expected(Day, Day.Next, default)).Select(one => (one.Id, one.AmountMinor))
            .ShouldBe([($"funds:unionpay:{Day}", due)]);
        await desk.Same();
    }

    [Fact]
    public async Task What_the_channel_gives_to_a_second_level_merchant_is_a_difference_and_the_rest_is_asked_for()
    {
        await using var desk = await Compared("share-of-a-second-level-merchant");
        var share = (await new DifferenceQueries(desk.House.Views).List(
            new("open", Class: "split_at_channel"), default)).ShouldHaveSingleItem();
        (share.Key, share.Field, share.LeftMinor).ShouldBe(("payment:p01", "share", -Share));
        var others = await desk.Balance(Account.Suspense(Channel.UnionPay)) - Share;
        var row = await new ReconciliationQueries(desk.House.Views).Find(Channel.UnionPay, Day, default);
        (row!.TheirNetMinor, row.TheirPaidMinor).ShouldBe((85_30 - Share, null));
        (await desk.Queries.Expected(Day, Day.Next, default)).Select(one => (one.Id, one.AmountMinor))
            .ShouldBe([($"funds:unionpay:{Day}", 85_30 - Share)]);
        (await desk.Balance(Account.Receivable(Channel.UnionPay))).ShouldBe(85_30 - Share);
        Suggestion.For(share.Open, share.Context(1)).Code.ShouldBe("split_by_channel");

        // It is nobody's loss unseen: two persons say whose it is.
        var to = Account.DifferenceResult(Channel.UnionPay);
        (await desk.House.Differences.Propose(
            new(share.DifferenceId), new(RemedyKind.Adjust, to), "as agreed", default, BankDesk.Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.House.Differences.Approve(new(share.DifferenceId), 1, BankDesk.Bo, default)).Refusal
            .ShouldBeNull();
        (await desk.Balance(to)).ShouldBe(Share);
        (await desk.Balance(Account.Suspense(Channel.UnionPay))).ShouldBe(others);
        await desk.Same();
    }

    private static async Task<BankDesk> Compared(string fixture)
    {
        var desk = new BankDesk(await House.Open());
        await desk.House.Tell<PaymentEvent>("payment", "p01", CorrectionTests.OursOfThatDay);
        await desk.House.CatchUp();
        var bill = Directory.GetFiles(
            Path.Combine(CorrectionTests.Root(), "reconciliation-fixtures/unionpay", fixture), "INN*").Single();
        (await desk.House.Reconciliation.Import(
            Channel.UnionPay, Day, new(Path.GetFileName(bill), await File.ReadAllBytesAsync(bill)), null, House.By,
            default)).Refusal.ShouldBeNull();
        await desk.House.CatchUp();
        return desk;
    }

    [Fact]
    public async Task What_was_compared_before_is_asked_for_by_its_net()
    {
        await using var desk = await BankDesk.Open();
        await desk.Owes(House.Friday, 500_00);
        await desk.House.CatchUp();
        var row = await new ReconciliationQueries(desk.House.Views).Find(Channel.Sandbox, House.Friday, default);
        (row!.TheirNetMinor, row.TheirPaidMinor).ShouldBe((500_00, null));
        (await desk.Queries.Expected(House.Friday, House.Friday, default)).Select(one => one.AmountMinor)
            .ShouldBe([500_00]);
    }
}
