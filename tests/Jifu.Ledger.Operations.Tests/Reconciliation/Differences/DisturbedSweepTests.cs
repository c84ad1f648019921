using Jifu.Ledger.Channels;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tests.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>People, kills and broken requests come between the steps of runs; no money is lost by that.</summary>
public class DisturbedSweepTests
{
    [Theory]
    [InlineData("ours, before the pair", "closed by people", "open")]
    [InlineData("theirs, between the two", "open", "closed by people")]
    [InlineData("theirs, after a kill between the two", "open", "closed by people")]
    public async Task Of_two_that_meet_both_are_met_or_neither(string writtenOff, string ours, string theirs)
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        var friday = await desk.Of("A2");
        await Arrived(desk, friday.Key);
        var closed = writtenOff[0] == 'o' ? friday : await desk.Of("A2", Friday.Next);
        (await desk.Propose(closed, new(RemedyKind.WriteOff))).ShouldBeNull();

        // The sweep has seen both open. Before it does the one thing or the other, Bo approves.
        var appended = 0;
        var isKilled = writtenOff.Contains("kill", StringComparison.Ordinal);
        var sweep = SweepOf(desk, async () =>
        {
            if (isKilled && ++appended == 2)
                throw new EventLogUnavailableException("gone", null);
            if (!isKilled && appended++ == 0)
                (await desk.Approve(closed)).ShouldBeNull();
        });
        if (isKilled)
        {
            await Should.ThrowAsync<EventLogUnavailableException>(sweep.Run(Channel.Sandbox, Mei, default));
            (await desk.Approve(closed)).ShouldBeNull();
            await desk.House.CatchUp();
            sweep = SweepOf(desk, () => Task.CompletedTask);
        }

        await sweep.Run(Channel.Sandbox, Mei, default);
        (Told(await desk.Of("A2", Friday)), Told(await desk.Of("A2", Friday.Next))).ShouldBe((ours, theirs));
        var left = ours == "open" ? -19_92 : 19_92;
        (await desk.Suspense()).ShouldBe(left);
        (await desk.Balance(Account.DifferenceResult(Channel.Sandbox))).ShouldBe(-left);
        (await sweep.Run(Channel.Sandbox, Mei, default)).ShouldBe(0);

        static string Told(ReadModels.Reconciliation.Differences.DifferenceLifeRow row) =>
            row.Status == "closed" ? $"closed by {row.ClosedBy}" : row.Status;
    }

    [Fact]
    public async Task A_pair_is_finished_also_when_people_have_closed_the_rest_of_the_one_side()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        var friday = await desk.Of("A2");
        await Arrived(desk, friday.Key, 19_90);
        var appended = 0;
        var killed = SweepOf(desk, () => ++appended == 2
            ? throw new EventLogUnavailableException("gone", null) : Task.CompletedTask);
        await Should.ThrowAsync<EventLogUnavailableException>(killed.Run(Channel.Sandbox, Mei, default));
        (await desk.Of("A2", Friday)).LeftMinor.ShouldBe(-2);
        await desk.Close(await desk.Of("A2", Friday), new(RemedyKind.WriteOff));

        var sweep = SweepOf(desk, () => Task.CompletedTask);
        await sweep.Run(Channel.Sandbox, Mei, default);
        (await desk.Live()).ShouldBeEmpty();
        (await desk.Suspense()).ShouldBe(0);
        (await sweep.Run(Channel.Sandbox, Mei, default)).ShouldBe(0);
    }

    [Fact]
    public async Task What_people_took_apart_stays_apart_when_the_other_one_is_found_again()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Friday.Next, null, Paid("A2", 20_00, Friday.Next));
        var theirs = await desk.Of("A2", Friday.Next);
        theirs.ClosedBy.ShouldBe("met");
        (await desk.House.Differences.ProposeReversal(new(theirs.DifferenceId), "not the same", Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.Approve(theirs)).ShouldBeNull();

        await desk.Import(Friday, "it has it", Paid("A1", 10_00), Paid("A2", 20_00));
        await desk.Import(Friday, "it has it not", Paid("A1", 10_00, Friday), Paid("Z1", 1_00));
        (await desk.Live()).Count(row => row.Key == theirs.Key && row.Status == "open").ShouldBe(2);
        var head = await desk.House.Log.Head(default);
        (await SweepOf(desk, () => Task.CompletedTask).Run(Channel.Sandbox, Mei, default)).ShouldBe(0);
        (await desk.House.Log.Head(default)).ShouldBe(head);
    }

    [Fact]
    public async Task A_supplement_whose_request_broke_off_goes_on_by_anybody_and_by_itself()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.House.Order("m1", "A3", 5_00);
        await desk.House.Order("m1", "A4", 7_00);
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00), Paid("A4", 7_00));
        desk.House.Channel.OnQuery = _ => throw new TimeoutException("the channel is away");
        foreach (var orderNo in new[] { "A3", "A4" })
        {
            (await desk.Propose(await desk.Of(orderNo), new(RemedyKind.Supplement))).ShouldBeNull();
            var open = await desk.Of(orderNo);
            await Should.ThrowAsync<TimeoutException>(desk.Approve(open));
            (await desk.Of(orderNo)).Status.ShouldBe("carrying_out");
        }

        // Not by whoever proposed it; by anybody else, who asks the channel again.
        var (a3, a4) = (await desk.Of("A3"), await desk.Of("A4"));
        (await Approved(a3, Mei)).ShouldBe("approver_is_proposer");
        desk.House.Channel.OnQuery = _ => new ChannelAnswer.Paid(
            "4200A3", new(5_00, Currency.CNY), Friday.Start.AddHours(12));
        (await Approved(a3, new("key:lin", "test"))).ShouldBeNull();
        (await desk.Of("A3")).Status.ShouldBe("closed");

        // And with all else that has no end; what the channel does not say was paid is open again.
        desk.House.Channel.OnQuery = _ => new ChannelAnswer.Unknown("silent");
        await desk.House.Chase.Run(everything: true, Mei, default);
        (await desk.Of("A4")).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe((await desk.Of("A4")).LeftMinor);
        (await desk.House.Differences.Propose(
            new(a4.DifferenceId), new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next), "silent", default, Mei,
            default)).Refusal.ShouldBeNull();

        async Task<string?> Approved(ReadModels.Reconciliation.Differences.DifferenceLifeRow row, EventMetadata by) =>
            (await desk.House.Differences.Approve(new(row.DifferenceId), 1, by, default)).Refusal?.Code;
    }

    // Saturday's bill has it; no run has looked yet.
    private static Task Arrived(FinanceDesk desk, string key, long netMinor = 19_92)
    {
        var net = new Money(netMinor, Currency.CNY);
        var (day, at) = (Friday.Next, desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1));
        return desk.House.Tell<ReconciliationEvent>("reconciliation", $"sandbox_{day}", [
            new ReconciliationEvent.BillImported(
                Channel.Sandbox, day, "b", "0", 1, new(20_00, Currency.CNY), new(0, Currency.CNY), new(8, Currency.CNY),
                at),
            new ReconciliationEvent.DifferenceFound(
                Channel.Sandbox, day, "only_at_channel", key, "line", "CNY 20.00", "", net),
            new ReconciliationEvent.Completed(
                Channel.Sandbox, day, 0, 1, 0, 0, net, new(0, Currency.CNY), at)]);
    }

    private static DifferenceSweep SweepOf(FinanceDesk desk, Func<Task> before)
    {
        var log = new GatedLog(
            desk.House.Log, stream => stream.Category == "difference" ? before() : Task.CompletedTask);
        return new(
            new(new(log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System)), desk.House.Funds),
            new(desk.House.Views), new(desk.House.Views), desk.House.Projector, desk.House.Clock);
    }
}
