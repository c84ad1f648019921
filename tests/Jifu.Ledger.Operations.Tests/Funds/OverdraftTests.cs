using System.Collections.Concurrent;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Funds;
using Jifu.Ledger.Journal;
using Jifu.Ledger.Operations.Tests.Days;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation.Differences;
using Jifu.Ledger.Settlement;

namespace Jifu.Ledger.Operations.Tests.Funds;

/// <summary>What leaves a merchant never exceeds what it has, whoever asks at the same time.</summary>
public class OverdraftTests
{
    private const int Callers = 50;

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 25_00)]
    public async Task Fifty_callers_of_two_processes_take_all_there_is_and_not_a_fen_more(int seed, long limitFen)
    {
        const int rounds = 500;
        var log = new MemoryLog(seed);
        var bank = new ScriptedChannel();
        Crowd[] processes = [.. Enumerable.Range(0, 2).Select(_ =>
            new Crowd(log, new(log, new LaggingFunds(log).Look), bank))];
        await processes[0].Register(Crowd.One, limitFen);
        await processes[0].Register(new("m2"), 0);
        var done = new ConcurrentQueue<(string What, bool Accepted)>();
        for (var round = 0; round < rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
                done.Enqueue(await Act(log, processes[caller % 2], round, caller)))));
        }

        var told = await Whole(log);
        CheckFloor(told, limitFen);
        CheckOnce(told);
        CheckBothHappened(done);
    }

    [Fact]
    public async Task So_they_do_on_the_real_log_with_the_real_read_model()
    {
        // As many as it takes until all of it has happened.
        const int rounds = 20, roundsMax = 400;
        await using var house = await House.Open();
        await using var other = house.OtherProcess();
        Crowd[] processes =
            [new(house.Log, house.Known(house.Log), house.Channel), new(other, house.Known(other), house.Channel)];
        await processes[0].Register(Crowd.One, 0);
        await processes[0].Register(new("m2"), 0);
        var (chance, done) = (new MemoryLog(7), new ConcurrentQueue<(string What, bool Accepted)>());
        for (var round = 0; round < rounds || (round < roundsMax && BothHappened(done) < 10); round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
                done.Enqueue(await Act(chance, processes[caller % 2], round, caller)))));
        }

        var told = await Whole(house.Log);
        CheckFloor(told, 0);
        CheckOnce(told);
        CheckBothHappened(done);
    }

    // Little comes in and much is asked for, so that most of the time there is nearly nothing left. Numbers are drawn
    // from few, so that the same is asked for twice and by both processes.
    private static async Task<(string, bool)> Act(MemoryLog chance, Crowd crowd, int round, int caller)
    {
        var (payment, no, fen) = (chance.Next(round + 4), chance.Next(3), 1 + chance.Next(6_00));
        switch (chance.Next(17))
        {
            case 0 or 1 or 12:
                return ("pay", await crowd.Pay(payment));
            case 13:
                return ("cancel", await crowd.Cancel(payment));
            case 14:
                return ("end of cancel", await crowd.EndCancel(payment, chance.Next(3) > 0));
            case 15:
                return ("give", await crowd.Give(chance.Next(round + 1), chance.Next(3)));
            case 16:
                return ("take back", await crowd.TakeBack(chance.Next(round + 1), chance.Next(3)));
            case 2 or 3 or 4:
                return ("refund", await crowd.Refund(payment, no, 1_00 * (1 + no)));
            case 5 or 6:
                return ("end of refund", await crowd.EndRefund(payment, no, 1_00 * (1 + no), chance.Next(3) > 0));
            case 7:
                return ("split", await crowd.MakeSplit(payment, no, 50 + no));
            case 8 or 9:
                return ("payout", await crowd.PayOut((round * 2) + (caller % 2), fen));
            default:
                return ("transfer", await crowd.Transfer(chance.Next((round * 5) + 5), fen));
        }
    }

    private static async Task<List<Recorded<object>>> Whole(IEventLog log)
    {
        var told = new List<Recorded<object>>();
        while (await log.ReadAll(told.Count - 1, 1000, default) is { Count: > 0 } page)
            told.AddRange(page.Select(LedgerEvents.Codec.Decode<object>));
        return told;
    }

    /// <summary>By the journal alone: pending and available, with what open refunds bring back, never go below the
    /// limit, but by what replaced bills took back; all accounts together are zero; and whatever is let go is covered
    /// by all that the log says until then.</summary>
    private static void CheckFloor(List<Recorded<object>> told, long limitFen)
    {
        var balances = new Dictionary<Account, long>();
        var facts = FundsFacts.None(Currency.CNY);
        long coming = 0, takenBack = 0;
        foreach (var recorded in told)
        {
            foreach (var line in PostingRules.EntryFor(recorded.Event)?.Lines ?? [])
                balances[line.Account] = balances.GetValueOrDefault(line.Account) - line.Amount.MinorUnits;
            coming += recorded.Event switch
            {
                PaymentEvent.RefundRequested { Held: { } held } e => (e.Amount - held).MinorUnits,
                PaymentEvent.RefundSucceeded { Held: { } held } e => (held - e.Amount).MinorUnits,
                PaymentEvent.RefundFailed { Held: { } held } e => (held - e.Amount).MinorUnits,
                _ => 0,
            };
            takenBack += (recorded.Event as DifferenceEvent.Undone)?.Shares
                .Where(share => share.To == Account.Available(Crowd.One)).Sum(share => -share.Amount.MinorUnits) ?? 0;
            (balances.GetValueOrDefault(Account.Pending(Crowd.One))
                + balances.GetValueOrDefault(Account.Available(Crowd.One)) + coming)
                .ShouldBeGreaterThanOrEqualTo(-limitFen - takenBack, $"{recorded.Position}: {recorded.Event}");
            balances.GetValueOrDefault(Account.Available(Crowd.One))
                .ShouldBeGreaterThanOrEqualTo(-limitFen - takenBack);
            foreach (var more in FundsEffect.Of(recorded.Event).Where(one => one.Merchant == Crowd.One))
                facts = new(
                    facts.Free + more.Facts.Free, facts.Available + more.Facts.Available,
                    facts.Out + more.Facts.Out, facts.OutOfAvailable + more.Facts.OutOfAvailable);
            CheckCovered(facts, recorded, limitFen);
            balances.Values.Sum().ShouldBe(0);
        }
    }

    private static void CheckCovered(FundsFacts facts, Recorded<object> recorded, long limitFen)
    {
        var (asks, ofAvailable) = recorded.Event switch
        {
            FundsEvent.Held { Hold: var hold } => (!hold.Value.StartsWith("difference:"), hold.IsOfAvailable),
            FundsEvent.Transferred => (true, true),
            _ => (false, false),
        };
        if (!asks)
            return;
        facts.Free.MinorUnits.ShouldBeGreaterThanOrEqualTo(-limitFen, $"{recorded.Position}: {recorded.Event}");
        if (ofAvailable)
            facts.Available.MinorUnits.ShouldBeGreaterThanOrEqualTo(-limitFen, $"{recorded.Position}");
    }

    private static void CheckOnce(List<Recorded<object>> told)
    {
        var numbers = told.Select(recorded => recorded.Event switch
        {
            FundsEvent.Transferred e => $"transfer {e.Transfer}",
            PaymentEvent.RefundRequested e => $"refund {recorded.Stream}.{e.Refund}",
            PaymentEvent.SplitMade e => $"split {recorded.Stream}.{e.Split}",
            PaymentEvent.Succeeded => $"payment {recorded.Stream}",
            PaymentEvent.CancelRequested e => $"cancel {recorded.Stream}.{e.No}",
            SettlementEvent.PayoutSent e => $"payout {e.Reference}",
            _ => null,
        }).OfType<string>().ToList();
        numbers.Distinct().Count().ShouldBe(numbers.Count);

        // Each was put aside before, and what is put aside is used or freed in the end.
        var held = told.Select(r => r.Event).OfType<FundsEvent.Held>().Sum(e => e.Amount.MinorUnits);
        var freed = told.Select(r => r.Event).OfType<FundsEvent.Released>().Sum(e => e.Amount.MinorUnits);
        var used = told.Sum(r => r.Event switch
        {
            PaymentEvent.RefundRequested e => e.Held!.Value.MinorUnits,
            PaymentEvent.SplitMade { Held: { } put } => put.MinorUnits,
            PaymentEvent.CancelRequested e => e.Held!.Value.MinorUnits,
            SettlementEvent.PayoutSent e => e.Held!.Value.MinorUnits,
            DifferenceEvent.Undone { Hold: not null } e => e.Shares.Where(
                share => share.To == Account.Available(Crowd.One)).Sum(share => -share.Amount.MinorUnits),
            _ => 0,
        });
        (held - freed).ShouldBe(used);
    }

    private static void CheckBothHappened(IEnumerable<(string What, bool Accepted)> done) =>
        BothHappened(done).ShouldBe(10);

    private static int BothHappened(IEnumerable<(string What, bool Accepted)> done) =>
        done.Where(act => act.What is "refund" or "split" or "cancel" or "payout" or "transfer").Distinct().Count();
}
