using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>Rules that ask for what lines say besides their key, over real bills and streams.</summary>
public class RulesOverFieldsTests
{
    [Fact]
    public async Task A_second_deduction_ends_with_the_refund_that_the_channel_made_of_itself()
    {
        await using var desk = await FinanceDesk.Open();
        await Approved(desk, "double", new(
            MatchingKind.Group, [], [], [], DaysApartMax: 7, One: new("duplicate", "payment:{order}"),
            Many: new("only_at_channel", Kind: "refund", Order: "{order}")));
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A1", 10_00), Paid("A2", 20_00));
        (await desk.Suspense()).ShouldBe(9_96);

        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Refunded("A1", "OWN-77", 10_00, Friday.Next));
        (await desk.Live()).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
        var refund = await desk.Of("OWN-77");
        (refund.Rule, refund.OrderNumber, refund.Merchant).ShouldBe(("double", NumberOf("A1"), "1900000109"));
    }

    [Fact]
    public async Task A_batch_leaves_out_what_rolls_over_and_what_could_be_either_is_left_to_people()
    {
        await using var desk = await FinanceDesk.Open();
        foreach (var (no, fen) in new[] { ("A3", 5_00L), ("A4", 7_00L), ("A5", 20_00L), ("A6", 20_00L), ("A7", 9_00L) })
            await desk.House.Pay("m1", no, fen);
        var saturday = Friday.Next;
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], WithinMinor: 3, RestTo: Journal.AccountKind.ChannelCost,
            One: new("only_at_channel", "payment:BATCH*"), Many: new("only_with_us", Kind: "payment", Merchant: "m1"),
            LeftOutMax: 2);

        // 5 + 7 + 20, and there are two of 20.
        await desk.Import(saturday, null, Paid("BATCH1", 32_00, saturday));
        var either = await desk.House.Rules.Test(terms, saturday, saturday, default);
        either.Matches.ShouldBeEmpty();
        either.Undecided.Single().Why.ShouldBe(Undecidable.Ambiguous);
        var (batch, a7) = (await desk.Of("BATCH1"), await desk.Of("A7", saturday));
        (await desk.House.Rules.Doubts(batch, default)).ShouldBeEmpty();
        await Approved(desk, "batch", terms);
        await desk.House.CatchUp();
        var doubt = (await desk.House.Rules.Doubts(batch, default)).ShouldHaveSingleItem();
        (doubt.Rule, doubt.Version, doubt.Line.Why).ShouldBe(("batch", 1, Undecidable.Ambiguous));
        (await desk.House.Rules.Doubts(a7, default)).ShouldBeEmpty();
        await desk.Import(saturday, "with A6", Paid("BATCH1", 32_00, saturday), Paid("A6", 20_00, saturday));

        (await desk.Live()).Single().Key.ShouldBe($"payment:{NumberOf("A7")}");
        (await desk.Of("A5")).Rule.ShouldBe("batch");
        (await desk.Suspense()).ShouldBe(-8_97);
    }

    [Fact]
    public async Task What_people_undid_is_left_to_them_by_every_rule_and_version()
    {
        await using var desk = await FinanceDesk.Open();
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], One: new("only_with_us", "payment:*"),
            Many: new("only_at_channel", "payment:part-*"), WithinMinor: 5, RestTo: Journal.AccountKind.ChannelCost);
        await Approved(desk, "parts", terms);
        TradeBillRow[] rows = [Paid("A1", 10_00), Paid("part-1", 12_00), Paid("part-2", 8_00)];
        await desk.Import(Friday, null, rows);
        (await desk.Live()).ShouldBeEmpty();
        foreach (var no in new[] { "A2", "part-1" })
        {
            var id = new DifferenceId((await desk.Of(no)).DifferenceId);
            (await desk.House.Differences.ProposeReversal(id, "no", Mei, default)).Refusal.ShouldBeNull();
            (await desk.Approve(await desk.Of(no))).ShouldBeNull();
        }

        // Another version, another rule, and another line that would tie with them.
        (await desk.House.Rules.Propose("parts", terms with { WithinMinor = 4 }, "less", Mei, default)).Refusal
            .ShouldBeNull();
        (await desk.House.Rules.Approve("parts", 2, Bo, default)).Refusal.ShouldBeNull();
        await Approved(desk, "others", terms);
        await desk.Import(Friday, "more", [.. rows, Paid("part-3", 8_00)]);
        var head = await desk.House.Log.Head(default);
        await desk.Import(Friday, "more", [.. rows, Paid("part-3", 8_00)]);
        (await desk.House.Log.Head(default)).ShouldBe(head);
        (await desk.Live()).Select(row => row.Key).Order().ShouldBe(
            new[] { $"payment:{NumberOf("A2")}", "payment:part-1", "payment:part-3" }.Order());
        await desk.Suspense();
    }

    [Fact]
    public async Task A_trial_leaves_out_what_is_under_way_what_met_by_itself_and_what_has_been_met_in_part()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.House.Order("m1", "A3", 5_00);
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A3", 5_00), Paid("Z9", 3_00));
        var small = new MatchingTerms(
            MatchingKind.Tolerance, ["only_at_channel", "only_with_us"], [], [], WithinMinor: 100_00,
            RestTo: Journal.AccountKind.DifferenceResult);
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Paid("A2", 20_01, Friday.Next));
        await desk.Close(await desk.Of("Z9"), new(RemedyKind.WriteOff));

        // A3 waits for its result, A2 met the next day's row but for a cent, Z9 is what people closed by hand.
        var found = await desk.House.Rules.Test(small, Friday, Friday.Next, default);
        found.Matches.SelectMany(match => match.Members)
            .Select(one => (one.Difference.Finding.Day, one.Difference.Finding.Key, one.Difference.Left.MinorUnits))
            .ShouldBe([(Friday, "payment:Z9", 2_99), (Friday.Next, $"payment:{NumberOf("A2")}", 1)]);
    }

    private static async Task Approved(FinanceDesk desk, string rule, MatchingTerms terms)
    {
        (await desk.House.Rules.Propose(rule, terms, "every week", Mei, default)).Refusal.ShouldBeNull();
        (await desk.House.Rules.Approve(rule, 1, Bo, default)).Refusal.ShouldBeNull();
    }
}
