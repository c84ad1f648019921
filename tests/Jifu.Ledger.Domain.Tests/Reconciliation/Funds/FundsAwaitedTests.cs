using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Funds;

/// <summary>More late trades than one event can hold.</summary>
public class FundsAwaitedTests
{
    // Some 250 bytes each, and an event may have a mebibyte.
    private const int LotMax = 1_000;

    private static readonly BusinessDay Day = new(new(2026, 7, 1));
    private static readonly DateTimeOffset At = new(2026, 7, 2, 9, 0, 0, BusinessDay.Offset);

    private static readonly ReconciledDay Imported = After(
        ReconciledDay.Initial,
        [
            new ReconciliationEvent.BillImported(
                Channel.WeChatPay, Day, "bill.csv", "b1", 1, Fen(1), Fen(0), Fen(0), At),
            new ReconciliationEvent.FundFlowImported(Channel.WeChatPay, Day, "flow.csv", "f1", 1, Fen(1), Fen(0), At),
        ]);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(1_000, 1)]
    [InlineData(1_001, 2)]
    [InlineData(12_345, 13)]
    public void They_are_told_in_lots_that_any_store_takes_and_are_known_whole(int awaited, int events)
    {
        var check = Check(awaited);

        var news = News(check);

        news.Count.ShouldBe(events);
        news.Max(LotOf).ShouldBeLessThanOrEqualTo(LotMax);
        After(Imported, news).FundsChecked!.Awaited.ShouldBe(check.Awaited);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(2_500)]
    public void A_check_that_was_killed_half_way_leaves_nothing_behind(int afterwards)
    {
        var begun = After(Imported, News(Check(4_000)).Take(2));
        var check = Check(afterwards);

        After(begun, News(check)).FundsChecked!.Awaited.ShouldBe(check.Awaited);
    }

    private static int LotOf(ReconciliationEvent one) => one switch
    {
        ReconciliationEvent.FundsAwaited e => e.Awaited.Count,
        ReconciliationEvent.FundFlowChecked e => e.Awaited.Count,
        _ => 0,
    };

    private static FundFlowCheck Check(int awaited) => new(
        0, [],
        [
            .. Enumerable.Range(0, awaited).Select(i => new AwaitedMoney(
                $"payment:p{i:x30}", [$"42000020261121{i:d14}", $"p{i:x30}"], Fen(i + 1))),
        ],
        [], []);

    private static List<ReconciliationEvent> News(FundFlowCheck check) =>
        [.. check.Against(Imported, Channel.WeChatPay, Day, null, At)];

    private static ReconciledDay After(ReconciledDay day, IEnumerable<ReconciliationEvent> news) =>
        news.Aggregate(day, ReconciledDay.Evolve);

    private static Money Fen(long fen) => new(fen, Currency.CNY);
}
