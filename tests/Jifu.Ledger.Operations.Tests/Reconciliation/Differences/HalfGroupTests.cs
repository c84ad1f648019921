using Jifu.Ledger.EventLog;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Reconciliation.Differences;
using Jifu.Ledger.Operations.Tests.Statements;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation.Rules;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>A run is killed while a rule takes a group, one stream after the other. The next one takes the rest, or
/// lets go of what was taken.</summary>
public class HalfGroupTests
{
    [Theory]
    [InlineData("open")]
    [InlineData("written off")]
    [InlineData("held")]
    [InlineData("proposed")]
    [InlineData("gone")]
    [InlineData("met")]
    public async Task A_group_is_whole_or_comes_apart(string meanwhile)
    {
        await using var desk = await FinanceDesk.Open();
        await Killed(desk);
        var (part, other) = (await desk.Of("part-2"), await desk.Of("part-1"));
        if (part.Status == "closed")
            (part, other) = (other, part);
        (part.Status, (await desk.Of("A2")).ClosedBy, other.ClosedBy).ShouldBe(("open", "rule", "rule"));
        if (meanwhile == "written off")
            await desk.Close(part, new(RemedyKind.WriteOff));
        if (meanwhile == "held")
            await desk.Close(part, new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        if (meanwhile == "proposed")
            (await desk.Propose(part, new(RemedyKind.WriteOff))).ShouldBeNull();
        if (meanwhile == "gone")
            await desk.Import(Friday, "without it", Paid("A1", 10_00), Paid(LineKey.NumberIn(other.Key), 10_00));
        if (meanwhile == "met")
            await desk.House.Desk.Handle(
                Aggregates.Differences, part.DifferenceId, new DifferenceCommand.Meet(
                    part.Finding, "difference d00", [new(Account.Receivable(Channel.Sandbox), new(7_00, Currency.CNY))],
                    "test", desk.House.Clock.Now), Mei, default);

        await desk.House.CatchUp();
        await desk.Sweep();
        if (meanwhile == "open")
            (await desk.Live()).ShouldBeEmpty();
        else
            foreach (var key in new[] { NumberOf("A2"), LineKey.NumberIn(other.Key) })
                (await desk.Live()).Single(row => LineKey.NumberIn(row.Key) == key).Status.ShouldBe("open");

        // All is said: another run has nothing to add, and what is left is in suspense.
        (await desk.Sweep()).ShouldBe(0);
        await desk.Suspense();
    }

    // 20 yuan of ours are twice 10 of theirs; the run dies before the second part.
    private static async Task Killed(FinanceDesk desk)
    {
        var terms = new MatchingTerms(
            MatchingKind.Group, [], [], [], One: new("only_with_us", "payment:*"),
            Many: new("only_at_channel", "payment:part-*"), WithinMinor: 5, RestTo: AccountKind.ChannelCost);
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("part-1", 10_00), Paid("part-2", 10_00));
        (await desk.House.Rules.Propose("parts", terms, "every week", Mei, default)).Refusal.ShouldBeNull();
        (await desk.House.Rules.Approve("parts", 1, Bo, default)).Refusal.ShouldBeNull();
        await desk.House.CatchUp();
        var appended = 0;
        var log = new GatedLog(desk.House.Log, stream => stream.Category == "difference" && ++appended == 3
            ? throw new EventLogUnavailableException("gone", null) : Task.CompletedTask);
        var sweep = new DifferenceSweep(
            new(new(log, LedgerEvents.Codec, IdSource.TimeOrdered(TimeProvider.System)), desk.House.Funds),
            new(desk.House.Views), new(desk.House.Views), desk.House.Projector, desk.House.Clock);
        await Should.ThrowAsync<EventLogUnavailableException>(sweep.Run(Channel.Sandbox, Mei, default));
        await desk.House.CatchUp();
    }
}
