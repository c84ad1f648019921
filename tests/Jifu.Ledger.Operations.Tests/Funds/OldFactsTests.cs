using Jifu.Ledger.Funds;
using Jifu.Ledger.Operations.Funds;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.ReadModels.Funds;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>What a process knew before something was taken away from what it knew.</summary>
public class OldFactsTests
{
    private static readonly MerchantId One = Crowd.One;

    [Fact]
    public async Task Nobody_gives_away_what_a_replaced_bill_has_taken_back_whatever_a_process_knew_before()
    {
        var log = new MemoryLog(1);
        Crowd[] processes = [.. Enumerable.Range(0, 2).Select(_ =>
            new Crowd(log, new(log, new LaggingFunds(log).Look), new ScriptedChannel()))];
        await processes[0].Register(One, 0);
        await processes[0].Register(new("m2"), 0);
        (await processes[0].Give(1, 1)).ShouldBeTrue();
        (await processes[0].Give(2, 1)).ShouldBeTrue();

        // From now on the first one knows of 8.02, of which 1.00 goes.
        (await processes[0].Transfer(1, 1_00)).ShouldBeTrue();
        (await processes[1].TakeBack(1, 1)).ShouldBeTrue();
        (await processes[0].Transfer(2, 3_02)).ShouldBeFalse();
        (await processes[0].Transfer(2, 3_01)).ShouldBeTrue();
        (await processes[1].Transfer(4, 1)).ShouldBeFalse();

        // What is left is owed once it is taken back, too.
        (await processes[1].TakeBack(2, 1)).ShouldBeTrue();
        (await processes[1].TakeBack(2, 1)).ShouldBeFalse();
        var facts = await new KnownFunds(log, new LaggingFunds(log).Look).FindAtHead(One, Currency.CNY, default);
        (facts.Free.MinorUnits, facts.Available.MinorUnits).ShouldBe((-4_01, -4_01));
    }

    [Fact]
    public async Task Rows_that_were_wrong_and_were_made_again_are_not_believed_for_long()
    {
        var clock = new StopWatch();
        var row = RowOf(100_00);
        var known = new KnownFunds(
            new MemoryLog(1), (asked, _) =>
                Task.FromResult<IReadOnlyDictionary<(MerchantId, Currency), FundsRow>>(
                    asked.ToDictionary(one => one, _ => row)), clock);
        (await known.Find(One, Currency.CNY, default)).Free.MinorUnits.ShouldBe(100_00);
        row = RowOf(1_00);
        (await known.Find(One, Currency.CNY, default)).Free.MinorUnits.ShouldBe(100_00);
        clock.Passed = KnownFunds.AgeMax;
        (await known.Find(One, Currency.CNY, default)).Free.MinorUnits.ShouldBe(1_00);
    }

    private static FundsRow RowOf(long fen) => new(
        FundsFacts.None(Currency.CNY) with { Free = new(fen, Currency.CNY) }, 0, -1, Registered: true);

    private sealed class StopWatch : TimeProvider
    {
        public TimeSpan Passed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Passed.Ticks;
    }
}
