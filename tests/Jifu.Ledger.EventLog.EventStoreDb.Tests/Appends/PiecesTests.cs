using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.EventLog.EventStoreDb.Tests.Appends;

/// <summary>News that are too many for one append of an EventStoreDB as it is delivered, which takes a
/// mebibyte.</summary>
public sealed class PiecesTests : PlayedServerTests
{
    private static readonly StreamName Day = new("reconciliation", "wechatpay_2026-11-20");

    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);

    [Fact]
    public async Task Many_large_events_go_in_pieces_that_any_server_takes()
    {
        Node.AppendBytesMax.ShouldBe(1 << 20);
        var log = Open();
        (await log.AppendInPieces(LedgerEvents.Codec, _ids, Day, -1, News(1_200, bytes: 2_500), Metadata, default))
            .ShouldBe((1_199, 1_200));
        (await log.Load<ReconciliationEvent>(LedgerEvents.Codec, Day, default)).Events
            .ShouldBe(News(1_200, bytes: 2_500));
    }

    [Fact]
    public async Task Few_events_go_in_one_append_and_none_in_none()
    {
        var log = Open();
        (await log.AppendInPieces(LedgerEvents.Codec, _ids, Day, -1, News(400, bytes: 0), Metadata, default))
            .ShouldBe((399, 400));
        (await log.AppendInPieces(LedgerEvents.Codec, _ids, Day, 399, News(0, bytes: 0), Metadata, default))
            .ShouldBe((399, 0));
        Node.Log.Stream($"{Day}").Select(one => one.Created).Distinct().Count().ShouldBe(1);
    }

    [Fact]
    public async Task Another_writer_who_was_first_ends_it()
    {
        var log = Open();
        await log.AppendInPieces(LedgerEvents.Codec, _ids, Day, -1, News(1, bytes: 0), Metadata, default);
        (await log.AppendInPieces(LedgerEvents.Codec, _ids, Day, -1, News(600, bytes: 0), Metadata, default))
            .ShouldBe((-1, 0));
    }

    private static IEnumerable<ReconciliationEvent> News(int count, int bytes) => Enumerable.Range(0, count).Select(i =>
        new ReconciliationEvent.DifferenceFound(
            Channel.WeChatPay, new(new(2026, 11, 20)), "only_at_channel", $"payment {i}", "",
            new string('t', bytes), "", new(100, Currency.CNY)));
}
