using Jifu.Ledger.EventLog;
using Jifu.Ledger.Operations.Tests.Reconciliation.Differences;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Days;

using static FinanceDesk;

/// <summary>A day of which not all is explained is closed by somebody's word, or not at all.</summary>
public class DayAcceptanceTests
{
    [Fact]
    public async Task A_day_with_open_differences_is_closed_by_a_reason_that_says_how_many_and_how_much()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("A2", 20_00));
        var open = (await desk.Live()).Where(row => row.Status == "open").ToList();
        var (over, less) = (
            open.Where(row => row.LeftMinor > 0).Sum(row => row.LeftMinor),
            open.Where(row => row.LeftMinor < 0).Sum(row => row.LeftMinor));
        (open.Count, over).ShouldBe((open.Count(row => row.Found), over));
        (await Close(desk, null)).ShouldBe($"{open.Count} {over} {less} ");

        (await Close(desk, "the channel answers on Monday")).ShouldBe(
            $"{open.Count} {over} {less} the channel answers on Monday by key:mei");
        (await Close(desk, null)).ShouldEndWith("the channel answers on Monday by key:mei");
        (await Close(desk, "said again")).ShouldEndWith("the channel answers on Monday by key:mei");
        (await Told(desk)).ShouldHaveSingleItem().Open.ShouldBe(open.Count);

        // They stay open, and what is settled since takes nothing back of the word.
        (await desk.Live()).Count(row => row.Status == "open").ShouldBe(open.Count);
        await desk.Close(open.First(row => row.Class == "duplicate"), new(RemedyKind.WriteOff));
        (await Close(desk, null)).ShouldStartWith($"{open.Count - 1} ");
        (await Close(desk, null)).ShouldEndWith("the channel answers on Monday by key:mei");

        // What a corrected bill finds nobody has seen.
        await desk.Import(
            Friday, "the channel sent it again", Paid("A1", 10_00), Paid("A2", 20_00), Paid("B9", 1_00));
        (await Close(desk, null)).ShouldEndWith(" ");
        (await Close(desk, "B9, too")).ShouldEndWith("B9, too by key:mei");
        (await Told(desk)).Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(RemedyKind.WriteOff)]
    [InlineData(RemedyKind.Hold)]
    public async Task What_was_settled_when_the_word_was_given_and_is_opened_again_was_not_accepted(RemedyKind kind)
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(
            Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("B1", 1_00), Paid("C1", 1_00), Paid("C2", 1_00));
        var found = (await desk.Live()).OrderBy(row => row.FoundPosition).ToList();
        var (first, last) = (
            found.First(row => row.LeftMinor == 1_00), found.Last(row => row.LeftMinor == 1_00));
        foreach (var row in found.Where(row => row.DifferenceId != last.DifferenceId))
            await desk.Close(row, row.DifferenceId == first.DifferenceId && kind is RemedyKind.Hold
                ? new(kind, Owner: "mei", Due: Friday.Next)
                : new(RemedyKind.WriteOff));
        (await Close(desk, "the last one only")).ShouldBe("1 100 0 the last one only by key:mei");

        // One of the same amount takes its place.
        await desk.Close(last, new(RemedyKind.WriteOff));
        (await Close(desk, null)).ShouldBe("");
        var id = new DifferenceId(first.DifferenceId);
        (await desk.House.Differences.ProposeReversal(id, "it was no fault of ours", Mei, default))
            .Refusal.ShouldBeNull();
        (await desk.Approve(first, 2)).ShouldBeNull();
        (await Close(desk, null)).ShouldBe("1 100 0 ");
        (await Close(desk, "this one, too")).ShouldBe("1 100 0 this one, too by key:mei");
        (await Close(desk, null)).ShouldBe("1 100 0 this one, too by key:mei");
    }

    [Fact]
    public async Task A_day_without_any_is_closed_as_ever_and_a_held_one_needs_no_word()
    {
        await using var desk = await FinanceDesk.Open();
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00));
        foreach (var row in await desk.Live())
            await desk.Close(row, new(RemedyKind.Hold, Owner: "mei", Due: Friday.Next));
        (await Close(desk, null)).ShouldBe("");
        (await Close(desk, "nothing to say")).ShouldBe("");
        (await Told(desk)).ShouldBeEmpty();
    }

    private static async Task<string> Close(FinanceDesk desk, string? reason)
    {
        var report = await desk.House.Days.Close(Friday, reason, Mei, default);
        return string.Join('\n', report.Unexplained.Select(one =>
            $"{one.Open} {one.Over.MinorUnits} {one.Short.MinorUnits} "
            + (one.Accepted is { } said ? $"{said.Reason} by {said.By}" : "")));
    }

    private static async Task<List<ReconciliationEvent.DifferencesAccepted>> Told(FinanceDesk desk) =>
        [.. (await desk.House.Log.Load<ReconciliationEvent>(
            LedgerEvents.Codec, new("reconciliation", $"sandbox_{Friday}"), default)).Events
            .OfType<ReconciliationEvent.DifferencesAccepted>()];
}
