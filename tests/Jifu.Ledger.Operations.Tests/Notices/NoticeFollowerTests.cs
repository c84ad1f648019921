using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.Upkeep;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>Which events are told, to whom, and that each is told once.</summary>
public class NoticeFollowerTests
{
    [Fact]
    public async Task Each_end_of_a_payment_and_of_a_refund_is_told()
    {
        await using var room = await NoticeRoom.Open();
        var url = room.Merchant.Url("/order");
        var now = room.Clock.GetUtcNow();
        var refunded = await room.Paid("paid-and-refunded", url);
        await room.Refund(refunded, "R1", null, succeeds: true);
        await room.Refund(refunded, "R2", room.Merchant.Url("/refund"), succeeds: false);
        await room.Cancel(await room.Paid("cancelled", url));
        await room.Command(await room.Ordered("failed", url), new PaymentCommand.Fail("NO_CREDIT", "余额不足", now));
        await room.Command(await room.Ordered("closed", url), new PaymentCommand.Close(now));

        await room.Work();

        var port = new Uri(url).Port;
        string.Join('\n', room.Merchant.Arrivals
            .Select(arrival => $"{arrival.Path} {Encoding.UTF8.GetString(arrival.Body)}")
            .Order(StringComparer.Ordinal))
            .Replace($":{port}", ":PORT", StringComparison.Ordinal)
            .ShouldMatchApproved(options => options.NoDiff());
    }

    [Fact]
    public async Task Who_gave_no_address_and_what_has_not_ended_is_not_told()
    {
        await using var room = await NoticeRoom.Open();
        var silent = await room.Paid("silent", url: null);
        var open = await room.Ordered("open", room.Merchant.Url("/order"));

        (await room.Work()).ShouldBe(0);

        (await room.Notices.OfPayment(silent, CancellationToken.None)).ShouldBeEmpty();
        (await room.Notices.OfPayment(open, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_refund_may_be_told_although_its_payment_was_not()
    {
        await using var room = await NoticeRoom.Open();
        var id = await room.Paid("silent", url: null);
        await room.Refund(id, "R1", room.Merchant.Url("/refund"), succeeds: true);

        await room.Work();

        var notice = await room.NoticeOf(id);
        (notice.Type, notice.Refund).ShouldBe(("payment.refund_succeeded", new RefundId("R1")));
    }

    [Fact]
    public async Task A_follower_that_starts_again_goes_on_where_the_last_one_stopped()
    {
        await using var room = await NoticeRoom.Open();
        var url = room.Merchant.Url("/order");
        var before = await room.Paid("before", url);
        var across = await room.Ordered("across", url);
        await room.Follower.CatchUp(CancellationToken.None);

        var now = room.Clock.GetUtcNow();
        await room.Command(across, new PaymentCommand.Close(now));
        await room.NewFollower().CatchUp(CancellationToken.None);
        await room.Follower.CatchUp(CancellationToken.None);

        (await room.NoticeOf(before)).Type.ShouldBe("payment.succeeded");
        (await room.NoticeOf(across)).Type.ShouldBe("payment.closed");
        (await room.Work()).ShouldBe(2);
    }

    [Fact]
    public async Task Other_programs_events_are_passed_over_and_an_unknown_one_stops_the_notices_until_it_is_skipped()
    {
        await using var room = await NoticeRoom.Open();
        await room.Append(new("ext.shop", "1"), new EventToAppend(Guid.NewGuid(), "ext.opened", "{}"u8.ToArray()));
        await room.Append(new("ext.shop", "2"), new EventToAppend(Guid.NewGuid(), "payment.succeeded", default));
        var position = await room.Append(
            new("loan", "1"), new EventToAppend(Guid.NewGuid(), "loan.granted", "{}"u8.ToArray()));
        var id = await room.Paid("after", room.Merchant.Url("/order"));
        (await Should.ThrowAsync<UnknownEventTypeException>(room.Follower.CatchUp(CancellationToken.None)))
            .Position.ShouldBe(position);
        (await room.Passed()).ShouldBe(position - 1);

        await Skip(room, position);
        await room.Follower.CatchUp(CancellationToken.None);
        (await room.NoticeOf(id)).Type.ShouldBe("payment.succeeded");
    }

    [Theory]
    [InlineData("payment.created", "{}")]
    [InlineData("payment.succeeded", "{}")]
    [InlineData("payment.refund_failed", "no JSON")]
    [InlineData("payment.closed", """{"at":"2026-11-21T02:00:00+00:00"}""")]
    public async Task An_event_that_does_not_read_or_has_no_beginning_stops_the_notices_until_it_is_skipped(
        string type, string payload)
    {
        await using var room = await NoticeRoom.Open();
        var position = await room.Append(
            new("payment", "stray"), new EventToAppend(Guid.NewGuid(), type, Encoding.UTF8.GetBytes(payload)));
        var id = await room.Paid("after", room.Merchant.Url("/order"));
        await Should.ThrowAsync<InvalidDataException>(room.Follower.CatchUp(CancellationToken.None));
        (await room.Notices.OfPayment(id, CancellationToken.None)).ShouldBeEmpty();
        (await room.Passed()).ShouldBe(position - 1);

        await Skip(room, position);
        await room.Follower.CatchUp(CancellationToken.None);
        (await room.NoticeOf(id)).Type.ShouldBe("payment.succeeded");
    }

    [Fact]
    public async Task A_payments_end_is_told_whatever_comes_later_in_its_stream_or_was_left_out_before()
    {
        await using var room = await NoticeRoom.Open();
        var id = await room.Paid("refunded", url: null);
        var stream = new StreamName("payment", id.Value);
        await room.Refund(id, "R1", room.Merchant.Url("/refund"), succeeds: true);
        var position = await room.Append(stream, new EventToAppend(Guid.NewGuid(), "payment.closed", "{}"u8.ToArray()));
        await Should.ThrowAsync<InvalidDataException>(room.Follower.CatchUp(CancellationToken.None));
        (await room.Passed()).ShouldBe(position - 1);
        (await room.NoticeOf(id)).Type.ShouldBe("payment.refund_succeeded");

        // Left out, it is in nobody's way.
        await Skip(room, position);
        var (none, now) = (Money.Zero(Currency.CNY), room.Clock.GetUtcNow());
        await room.Append(stream, LedgerEvents.Codec.Encode(Guid.NewGuid(), new PaymentEvent.RefundRequested(
            new("R2"), new("m-1"), Channel.Sandbox, new(1_00, Currency.CNY), new(none, none, []), "cold",
            room.Merchant.Url("/refund"), BusinessDay.Of(now), now)));
        await room.Append(stream, LedgerEvents.Codec.Encode(Guid.NewGuid(), new PaymentEvent.RefundFailed(
            new("R2"), new("m-1"), Channel.Sandbox, new(1_00, Currency.CNY), "NO", "no", BusinessDay.Of(now), now)));
        await room.NewFollower().CatchUp(CancellationToken.None);
        (await room.Notices.OfPayment(id, CancellationToken.None)).Select(one => one.Type)
            .ShouldBe(["payment.refund_succeeded", "payment.refund_failed"], ignoreOrder: true);
    }

    [Fact]
    public async Task Two_followers_at_once_make_each_notice_once()
    {
        await using var room = await NoticeRoom.Open();
        using var end = new CancellationTokenSource();
        Task[] followers = [.. Enumerable.Range(0, 3).Select(_ => room.NewFollower().Run(end.Token))];

        var ids = new List<PaymentId>();
        for (var i = 0; i < 20; i++)
            ids.Add(await room.Paid($"o-{i}", room.Merchant.Url("/order")));
        await room.Follower.CatchUp(CancellationToken.None);
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Task.WhenAll(followers));

        foreach (var id in ids)
            (await room.NoticeOf(id)).Type.ShouldBe("payment.succeeded");
    }

    private static async Task Skip(NoticeRoom room, long position)
    {
        var skip = new ProjectionEvent.EventSkipped("payments", position, "stray", "not ours", room.Clock.GetUtcNow());
        await room.Append(Skips.StreamOf("payments"), LedgerEvents.Codec.Encode(Guid.NewGuid(), skip));
    }
}
