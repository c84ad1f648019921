using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Funds;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>The read models of a whole life of differences are what the log makes of them again.</summary>
public class RebuiltDifferencesTests
{
    [Fact]
    public async Task After_all_that_can_happen_to_differences_the_log_gives_the_same_rows_again()
    {
        await using var desk = await FinanceDesk.Open();
        await Found(desk);
        await Same(desk);
        await Handled(desk);
        await Same(desk);

        // Rolled over; met by the next day's bill, by a refund's row, by a rule.
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(
            Friday.Next, null, Paid("A2", 20_00, Friday.Next), Refunded("B5", "R-5", 5_00, Friday.Next),
            Refunded("A1", "OWN-7", 10_00, Friday.Next), Paid("C1", 9_00, Friday.Next));
        (await desk.Of("A2", Friday)).ClosedBy.ShouldBe("met");
        (await desk.Of("OWN-7")).Rule.ShouldBe("parts");
        await Same(desk);
        await Corrected(desk);
        await Same(desk);
        (await desk.Balance(Account.Available(new("m1")))).ShouldBe(0);
        (await new FundsQueries(desk.House.Views).OpenHolds(DateTimeOffset.MaxValue, 10, default)).ShouldBeEmpty();

        (await desk.Queries.List(new(Status: null), default)).Select(row => row.Status).Distinct().Order()
            .ShouldBe(["closed", "open", "undone"]);
        (await Steps(desk)).ShouldBe(
        [
            "approved", "closed", "found", "kept", "matched", "met", "not_carried_out", "proposed", "rejected",
            "reopened", "taken_back", "undone", "withdrawn",
        ]);
        await using (var owner = NpgsqlDataSource.Create(desk.House.OwnerConnection))
            (await RebuildOf(desk, owner).Run(Projections.All, new Progress<(long, long)>(), default)).Identical
                .ShouldBeTrue();
        await desk.Suspense();
    }

    private static async Task Found(FinanceDesk desk)
    {
        await desk.House.Order("m1", "A3", 5_00);
        await desk.House.Rules.Propose(
            "parts", new(
                MatchingKind.Group, [], [], [], DaysApartMax: 7, One: new("duplicate", "payment:{order}"),
                Many: new("only_at_channel", Kind: "refund", Order: "{order}")), "every week", Mei, default);
        (await desk.House.Rules.Approve("parts", 1, Bo, default)).Refusal.ShouldBeNull();
        await desk.Import(
            Friday, null, Paid("A1", 10_00), Paid("A1", 10_00), Paid("B1", 1_00), Paid("B2", 2_00), Paid("B3", 3_00),
            Paid("B4", 4_00), Paid("B5", 5_00), Paid("B6", 6_00), Paid("B7", 7_00), Paid("A3", 5_00));
    }

    // Closed, reversed, closed otherwise; rejected, withdrawn; held, and the hold ended; asked and waiting.
    private static async Task Handled(FinanceDesk desk)
    {
        var differences = desk.House.Differences;
        await desk.Close(await desk.Of("B1"), new(RemedyKind.WriteOff));
        await Reverse(desk, "B1", 2);
        (await desk.Propose(await desk.Of("B1"), new(RemedyKind.Adjust, Account.FeeIncome))).ShouldBeNull();
        (await desk.Approve(await desk.Of("B1"), 3)).ShouldBeNull();
        (await desk.Propose(await desk.Of("B2"), new(RemedyKind.WriteOff))).ShouldBeNull();
        await differences.Reject(new((await desk.Of("B2")).DifferenceId), 1, "no", Bo, default);
        (await desk.Propose(await desk.Of("B2"), new(RemedyKind.Adjust, Account.Bank))).ShouldBeNull();
        await differences.Reject(new((await desk.Of("B2")).DifferenceId), 2, "mine", Mei, default);
        await desk.Close(await desk.Of("B3"), new(RemedyKind.Supplement, Account.Available(new("m1"))));
        await desk.Close(await desk.Of("B4"), new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        (await desk.Propose(await desk.Of("B4"), new(RemedyKind.WriteOff))).ShouldBeNull();
        (await desk.Approve(await desk.Of("B4"), 2)).ShouldBeNull();
        await desk.Close(await desk.Of("B5"), new(RemedyKind.Refund, RefundNumber: "R-5"));
        await desk.Close(await desk.Of("B6"), new(RemedyKind.Hold, Owner: "bo", Due: Friday.Next));
        (await desk.Propose(await desk.Of("B7"), new(RemedyKind.WriteOff))).ShouldBeNull();
        (await desk.Propose(await desk.Of("A3"), new(RemedyKind.Supplement))).ShouldBeNull();
        (await desk.Approve(await desk.Of("A3"))).ShouldBe("supplement_not_carried_out");
    }

    // Taken back is what was closed, held and asked; what had met comes apart; some is found again.
    private static async Task Corrected(FinanceDesk desk)
    {
        await desk.Import(Friday.Next, "corrected", Paid("C1", 9_50, Friday.Next));
        await desk.Import(
            Friday, "corrected", Paid("A1", 10_00), Paid("A1", 10_00), Paid("B2", 2_00), Paid("B5", 5_00));
        await Same(desk);
        await desk.Import(
            Friday, "again", Paid("A1", 10_00), Paid("B1", 1_00), Paid("B2", 2_00), Paid("B5", 5_00), Paid("B6", 6_00));
    }

    private static async Task Reverse(FinanceDesk desk, string orderNo, int proposal)
    {
        var id = new DifferenceId((await desk.Of(orderNo)).DifferenceId);
        (await desk.House.Differences.ProposeReversal(id, "found", Mei, default)).Refusal.ShouldBeNull();
        (await desk.Approve(await desk.Of(orderNo), proposal)).ShouldBeNull();
    }

    private static async Task Same(FinanceDesk desk)
    {
        await desk.House.CatchUp();
        await using var owner = NpgsqlDataSource.Create(desk.House.OwnerConnection);
        var report = await RebuildOf(desk, owner).Check(Projections.All, new Progress<(long, long)>(), default);
        report.Tables.Where(table => !table.Identical).SelectMany(table => table.Differing)
            .Select(row => $"{row.Live} / {row.FromLog}").ShouldBeEmpty();
        report.Tables.Select(table => table.Name).ShouldContain("difference_life");
    }

    private static Rebuild RebuildOf(FinanceDesk desk, NpgsqlDataSource owner) =>
        new(desk.House.Log, LedgerEvents.Codec, owner, TimeProvider.System);

    private static async Task<IEnumerable<string>> Steps(FinanceDesk desk)
    {
        var steps = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in await desk.Queries.List(new(Status: null), default))
            steps.UnionWith((await desk.Queries.Steps(row.DifferenceId, default)).Select(step => step.Step));
        return steps;
    }
}
