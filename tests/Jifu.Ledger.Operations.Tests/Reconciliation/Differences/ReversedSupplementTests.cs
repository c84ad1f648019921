using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Funds;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>A supplement that was booked to a merchant is reversed by two people, as far as the merchant still has the
/// money: exactly what it posted is posted back, and the difference is open again.</summary>
public class ReversedSupplementTests
{
    private static readonly BusinessDay Saturday = Friday.Next;
    private static readonly Account Merchant = Account.Available(new("m1"));

    [Theory]
    [InlineData(RemedyKind.Supplement)]
    [InlineData(RemedyKind.Adjust)]
    public async Task It_is_posted_back_once_and_the_difference_is_open_again(RemedyKind kind)
    {
        await using var desk = await Supplemented(kind);
        var id = new DifferenceId((await desk.Of("Z9")).DifferenceId);
        (await Reverse(desk, id)).ShouldBeNull();
        (await desk.Balance(Merchant)).ShouldBe(4_98);
        (await desk.House.Differences.Approve(id, 2, Mei, default)).Refusal?.Code.ShouldBe("approver_is_proposer");
        (await Approved(desk, id)).ShouldBeNull();

        var row = await desk.Of("Z9");
        (row.Status, row.LeftMinor, row.Version).ShouldBe(("open", 4_98, 4));
        (await desk.Suspense()).ShouldBe(4_98);
        (await desk.Balance(Merchant)).ShouldBe(0);
        (await Holds(desk)).ShouldBe(0);

        // The same again, and a second reversal.
        (await Approved(desk, id)).ShouldBeNull();
        (await Reverse(desk, id)).ShouldBe("difference_not_closed");
        (await desk.Balance(Merchant)).ShouldBe(0);

        // What went back is not there to be given away.
        (await Give(desk, 1)).ShouldBe("funds_insufficient");

        // Closed and reversed once more, under another number.
        (await desk.Propose(row, new(kind, Merchant))).ShouldBeNull();
        (await desk.Approve(row, 3)).ShouldBeNull();
        (await desk.Balance(Merchant)).ShouldBe(4_98);
        (await Reverse(desk, id)).ShouldBeNull();
        (await Approved(desk, id, 4)).ShouldBeNull();
        (await desk.Balance(Merchant)).ShouldBe(0);
        (await desk.Suspense()).ShouldBe(4_98);
        (await Holds(desk)).ShouldBe(0);
    }

    [Fact]
    public async Task What_the_merchant_no_longer_has_is_told_and_nothing_moves_until_it_is_there()
    {
        await using var desk = await Supplemented(RemedyKind.Supplement);
        var id = new DifferenceId((await desk.Of("Z9")).DifferenceId);
        (await Give(desk, 3_00)).ShouldBeNull();
        (await Reverse(desk, id)).ShouldBeNull();
        var refused = (await desk.House.Differences.Approve(id, 2, Bo, default)).Refusal!;
        refused.Code.ShouldBe("reversal_takes_from_merchant");
        refused.Detail.ShouldContain(
            "m1 has to give back CNY 4.98, and CNY 1.98 of its cleared money can leave it: CNY 3.00 are missing.");
        (await desk.Balance(Merchant)).ShouldBe(1_98);
        (await desk.Suspense()).ShouldBe(0);
        (await desk.Of("Z9")).Status.ShouldBe("closed");
        (await Holds(desk)).ShouldBe(0);

        // Within a limit that was agreed with it, the merchant owes us.
        (await desk.House.Funds.SetOverdraftLimit(new("m1"), new(3_00, Currency.CNY), "agreed", Mei, default))
            .ShouldBeNull();
        (await Approved(desk, id)).ShouldBeNull();
        (await desk.Balance(Merchant)).ShouldBe(-3_00);
        (await desk.Suspense()).ShouldBe(4_98);
    }

    [Theory]
    [InlineData("rejected")]
    [InlineData("replaced")]
    public async Task What_was_put_aside_for_a_reversal_that_broke_off_is_free_once_that_is_over(string how)
    {
        await using var desk = await Supplemented(RemedyKind.Supplement);
        var id = new DifferenceId((await desk.Of("Z9")).DifferenceId);
        await BrokenOff(desk, id, 2, 4_98);
        if (how == "rejected")
        {
            (await desk.House.Differences.Reject(id, 2, "it stays", Bo, default)).Refusal.ShouldBeNull();
            (await Holds(desk)).ShouldBe(0);
            (await Give(desk, 4_98)).ShouldBeNull();
            (await desk.Balance(Merchant)).ShouldBe(0);
            return;
        }

        await desk.Import(Friday, "it was none", Rows);
        (await Holds(desk)).ShouldBe(0);
        (await desk.Balance(Merchant)).ShouldBe(0);
        (await desk.Suspense()).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_put_aside_is_free_when_what_it_would_undo_is_gone_whatever_else_was_given()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A2", 20_01, Saturday));
        var row = await desk.Of("A2", Saturday);
        await desk.Close(row, new(RemedyKind.Supplement, Merchant));
        var before = await desk.Balance(Merchant);
        var id = new DifferenceId(row.DifferenceId);
        await BrokenOff(desk, id, 2, 1);

        // The line that had met all but a fen of it is on the other day's bill after all.
        await desk.Import(Friday, "it has it", Paid("A1", 10_00), Paid("A2", 20_00));
        (await desk.Of("A2", Saturday)).LeftMinor.ShouldBe(19_92);
        (await Holds(desk)).ShouldBe(0);
        (await Approved(desk, id)).ShouldBe("proposal_not_found");
        (await desk.Balance(Merchant)).ShouldBe(before);

        // A second time, and its bill is replaced: both are taken back, and nothing stays put aside.
        (await desk.Propose(row, new(RemedyKind.Supplement, Merchant))).ShouldBeNull();
        (await desk.Approve(row, 3)).ShouldBeNull();
        (await desk.Balance(Merchant)).ShouldBe(before + 19_92);
        await BrokenOff(desk, id, 4, 19_92);
        await desk.Import(Saturday, "it was none");
        (await Holds(desk)).ShouldBe(0);
        (await desk.Balance(Merchant)).ShouldBe(before - 1);
        (await desk.Suspense()).ShouldBe(0);
    }

    [Fact]
    public async Task What_was_used_for_a_reversal_is_not_freed_when_the_difference_is_found_again()
    {
        await using var desk = await Supplemented(RemedyKind.Supplement);
        var id = new DifferenceId((await desk.Of("Z9")).DifferenceId);
        (await Reverse(desk, id)).ShouldBeNull();
        (await Approved(desk, id)).ShouldBeNull();
        await desk.Import(Friday, "it was none", Rows);
        await desk.Import(Friday, "it was", [.. Rows, Paid("Z9", 5_00)]);
        (await desk.Of("Z9")).LeftMinor.ShouldBe(4_98);
        (await Approved(desk, id)).ShouldBeNull();
        (await desk.House.Differences.Approve(id, 2, Mei, default)).Refusal?.Code.ShouldBe("proposal_not_found");
        (await desk.Balance(Merchant)).ShouldBe(0);
        (await Give(desk, 1)).ShouldBe("funds_insufficient");
    }

    private static TradeBillRow[] Rows => [Paid("A1", 10_00), Paid("A2", 20_00)];

    private static async Task<FinanceDesk> Supplemented(RemedyKind kind)
    {
        var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, [.. Rows, Paid("Z9", 5_00)]);
        await desk.Close(await desk.Of("Z9"), new(kind, Merchant));
        (await desk.Balance(Merchant)).ShouldBe(4_98);
        return desk;
    }

    // An approval that ended when the amount was put aside, before the difference knew of it.
    private static async Task BrokenOff(FinanceDesk desk, DifferenceId id, int proposal, long fen)
    {
        (await Reverse(desk, id)).ShouldBeNull();
        (await desk.House.Funds.Hold(
            new("m1"), HoldId.OfReversal(id, proposal), new(fen, Currency.CNY), Bo, default)).Refusal.ShouldBeNull();
        (await Holds(desk)).ShouldBe(1);
    }

    private static async Task<string?> Reverse(FinanceDesk desk, DifferenceId id) =>
        (await desk.House.Differences.ProposeReversal(id, "it was another's", Mei, default)).Refusal?.Code;

    private static async Task<string?> Approved(FinanceDesk desk, DifferenceId id, int proposal = 2) =>
        (await desk.House.Differences.Approve(id, proposal, Bo, default)).Refusal?.Code;

    private static async Task<string?> Give(FinanceDesk desk, long fen) => (await desk.House.Funds.Transfer(
        new($"t{fen}"), new("m1"), Account.FeeIncome, new(fen, Currency.CNY), "agreed", Mei, default)).Refusal?.Code;

    private static async Task<int> Holds(FinanceDesk desk)
    {
        await desk.House.CatchUp();
        return (await new FundsQueries(desk.House.Views).OpenHolds(DateTimeOffset.MaxValue, 10, default)).Count;
    }
}
