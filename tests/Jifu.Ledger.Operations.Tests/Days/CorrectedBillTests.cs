using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Payments;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.ReadModels.Journal;
using Jifu.Ledger.ReadModels.Reconciliation;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Days;

using static BroughtBill;

/// <summary>Files that come late, twice, corrected, or for somebody else.</summary>
public class CorrectedBillTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task The_same_file_twice_is_one_import_and_says_so()
    {
        await using var house = await House.Traded();
        var bill = Bill("bill.csv", Row("A1", 10_00));
        var first = await Import(house, bill);
        (first.AlreadyThere, first.Completed!.Differences).ShouldBe((false, 1));
        var head = await house.Log.Head(default);

        var again = await Import(house, bill with { FileName = "renamed.csv" });
        (again.AlreadyThere, again.Completed).ShouldBe((true, first.Completed));
        (await Import(house, bill, "in doubt")).AlreadyThere.ShouldBeTrue();
        (await house.Log.Head(default)).ShouldBe(head);
        (await Imports(house)).ShouldHaveSingleItem().ImportedBy.ShouldBe("test");
    }

    [Fact]
    public async Task A_corrected_bill_needs_a_reason_and_takes_back_what_it_does_not_show()
    {
        await using var house = await House.Traded();
        var old = Bill("bill.csv", Row("A1", 10_00), Row("B7", 5_00));
        await Import(house, old);
        (await Standing(house)).ShouldBe(["only_at_channel B7", "only_with_us A2"]);

        var corrected = Bill("bill-v2.csv", Row("A1", 10_01), Row("B7", 5_00));
        (await Import(house, corrected)).Refusal!.Code.ShouldBe("bill_already_imported");
        (await Import(house, corrected, " ")).Refusal!.Code.ShouldBe("supersede_reason_missing");
        var done = await Import(house, corrected, "channel's mail of today");
        done.Completed!.Differences.ShouldBe(3);
        (await Standing(house)).ShouldBe(["amount_differs A1", "only_at_channel B7", "only_with_us A2"]);
        (await Suspense(house)).ShouldBe(-(1 + 4_98 - 19_92));

        (await Import(house, old)).Refusal!.Code.ShouldBe("bill_superseded_before");
        var all = Bill("bill-v3.csv", Row("A1", 10_00), Row("A2", 20_00));
        (await Import(house, all, "at last")).Completed!.Differences.ShouldBe(0);
        (await Standing(house)).ShouldBeEmpty();
        (await Suspense(house)).ShouldBe(0);
        var trail = await Imports(house);
        trail.Select(one => (one.FileName, one.Supersedes, one.Reason, one.SupersededAt is null)).ShouldBe(
        [
            ("bill.csv", null, null, false),
            ("bill-v2.csv", trail[0].Sha256, "channel's mail of today", false),
            ("bill-v3.csv", trail[1].Sha256, "at last", true),
        ]);
        foreach (var (one, file) in trail.Zip([old, corrected, all]))
            (await house.Archive.Find(one.Sha256, default))!.Content.ToArray().ShouldBe(file.Content.ToArray());
    }

    [Fact]
    public async Task A_closed_day_keeps_its_books_and_the_correction_counts_on_the_day_on_which_it_comes()
    {
        await using var house = await House.Traded();
        await house.Days.Close(Friday, House.By, default);
        await Import(house, Bill("bill.csv", Row("A1", 10_00)));
        await Received(house, Channel.Sandbox, 9_96);
        await house.CatchUp();
        var (before, rows) = (await Moved(house, Friday), await Booked(house, Friday));

        house.Clock.Now = house.Clock.Now.AddDays(3);
        var corrected = await Import(house, Bill("v2.csv", Row("A1", 10_00), Row("A2", 20_00)), "the rest came");
        corrected.Completed!.BookedOn.ShouldBe(BusinessDay.Of(house.Clock.Now));
        (await Moved(house, Friday)).ShouldBe(before);
        (await Booked(house, Friday)).ShouldBe(rows);
        (await Suspense(house)).ShouldBe(0);
        (await Moved(house, BusinessDay.Of(house.Clock.Now))).ShouldBe([
            "difference_taken_back channel_receivable 1992", "difference_taken_back suspense -1992"]);
    }

    [Fact]
    public async Task A_bill_of_another_day_or_merchant_is_refused_and_nothing_of_it_is_kept()
    {
        await using var house = await House.Traded();
        var head = await house.Log.Head(default);
        foreach (var wrong in new[]
        {
            Bill("bill.csv", Row("A1", 10_00) with { TradeTime = Friday.Previous.Start.AddHours(9) }),
            Bill("bill.csv", Row("A1", 10_00), Row("A2", 20_00) with { MerchantNumber = "" }),
        })
        {
            await Should.ThrowAsync<BillRejectedException>(Import(house, wrong));
            (await house.Archive.Find(BillArchive.Sha256Of(wrong.Content), default)).ShouldBeNull();
        }

        (await house.Log.Head(default)).ShouldBe(head);

        // A bill that comes late finds its day waiting.
        house.Clock.Now = house.Clock.Now.AddDays(9);
        (await Import(house, Bill("bill.csv", Row("A1", 10_00), Row("A2", 20_00)))).Completed!.Matched.ShouldBe(2);
    }

    [Fact]
    public async Task A_channel_that_is_not_connected_is_reconciled_by_file_when_something_is_expected_of_it()
    {
        await using var house = await House.Traded();
        var bill = Bill("bill.csv", Row("W1", 10_00));
        var refusal = (await house.Reconciliation.Import(Channel.WeChatPay, Friday, bill, null, House.By, default))
            .Refusal!;
        (refusal.Code, refusal.Detail).ShouldBe((
            "channel_not_available",
            $"wechatpay is not connected here, and our books expect nothing of it up to {Friday}. Its bill can be "
            + "compared with an order export of your own, without a server: "
            + "jifu reconcile --channel wechatpay --bill FILE --orders FILE."));

        (await house.Reconciliation.Run(Channel.WeChatPay, Friday, House.By, default)).Refusal!.Detail.ShouldBe(
            $"wechatpay is not connected here, so that nobody can be asked for its bill of {Friday}. Bring the file: "
            + $"jifu reconcile --channel wechatpay --day {Friday} --bill FILE.");

        // What is wrong with the file stays wrong, whichever channels are connected.
        (await Should.ThrowAsync<BillRejectedException>(() => house.Reconciliation.Import(
            Channel.WeChatPay, Friday, new("bill.csv", bill.Content[..^40]), null, House.By, default)))
            .Message.ShouldStartWith("bill.csv:");

        await Paid(house, "W1", Friday.Start.AddHours(12));
        (await house.Reconciliation.Import(Channel.WeChatPay, Friday, bill, null, House.By, default))
            .Completed!.Matched.ShouldBe(1);
    }

    [Fact]
    public void A_channels_number_is_that_of_its_connection_or_of_the_settings()
    {
        ChannelDirectory channels = new(
            [new(new ScriptedChannel(), new(Channel.Sandbox, new(3800), default), "190")],
            new Dictionary<Channel, string> { [Channel.Sandbox] = "191", [Channel.Alipay] = "2088" });
        new[] { Channel.Sandbox, Channel.Alipay, Channel.UnionPay }.Select(channels.MerchantNumber)
            .ShouldBe(["190", "2088", null]);
    }

    private static Task<ReconciliationOutcome> Import(House house, ChannelBillFile bill, string? reason = null) =>
        house.Reconciliation.Import(Channel.Sandbox, Friday, bill, reason, House.By, default);

    private static async Task<IReadOnlyList<ImportRow>> Imports(House house)
    {
        await house.CatchUp();
        return await new ImportQueries(house.Views).OfDay(Friday, default);
    }

    private static async Task<IEnumerable<string>> Standing(House house)
    {
        await house.CatchUp();
        var names = new[] { "A1", "A2", "B7" }.ToDictionary(no => $"payment:{PaymentId.Of(new("m1"), no)}");
        return (await new ReconciliationQueries(house.Views).Differences(Friday, default))
            .Select(one => $"{one.Class} {names[one.Key]}").Order();
    }

    private static async Task<IReadOnlyList<DifferenceRow>> Booked(House house, BusinessDay day)
    {
        await house.CatchUp();
        return [.. (await new ReconciliationQueries(house.Views).DifferencesBooked(day, default))
            .Select(row => row with { TakenBackOn = null })];
    }

    private static async Task<long> Suspense(House house)
    {
        await house.CatchUp();
        var account = $"{Account.Suspense(Channel.Sandbox)}";
        return (await new DayQueries(house.Views).Accounts(BusinessDay.Of(house.Clock.Now), default))
            .Where(one => one.Account == account).Sum(one => one.ClosingMinor);
    }

    private static async Task<IEnumerable<string>> Moved(House house, BusinessDay day)
    {
        await house.CatchUp();
        return (await new DayQueries(house.Views).RuleTotals(day, default))
            .Select(total => $"{total.Rule} {total.Kind} {total.NetMinor}").Order();
    }
}
