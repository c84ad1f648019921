using Jifu.Ledger.Operations.Notices;
using Microsoft.AspNetCore.Http;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>Merchants that let us wait.</summary>
public class SlowMerchantTests
{
    [Fact]
    public async Task A_merchant_that_does_not_answer_in_fifteen_seconds_is_tried_again()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Hang;
        var id = await room.Paid("o-1", room.Merchant.Url("/slow"));

        var work = room.Work();
        await room.Merchant.Until(1);
        room.Clock.Advance(TimeSpan.FromSeconds(15));
        await work;

        var notice = await room.NoticeOf(id);
        notice.Status.ShouldBe(NoticeStatus.Waiting);
        notice.Attempts.ShouldBe([new(1, NoticeRoom.Start.AddSeconds(15), null, null, "timeout")]);
        notice.NextTryAt.ShouldBe(NoticeRoom.Start.AddSeconds(20));
    }

    [Fact]
    public async Task A_slow_merchant_has_four_notices_under_way_and_does_not_hold_up_the_others()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = context => context.Request.Path == "/slow" ? Hang(context) : Task.CompletedTask;
        for (var i = 0; i < 9; i++)
            await room.Paid($"slow-{i}", room.Merchant.Url("/slow"), "m-slow");
        for (var i = 0; i < 9; i++)
            await room.Paid($"quick-{i}", room.Merchant.Url("/quick"), "m-quick");
        await room.Follower.CatchUp(CancellationToken.None);

        using var end = new CancellationTokenSource();
        var run = room.Sender.Run(end.Token);
        await room.Merchant.Until(4 + 9);

        room.Merchant.Arrivals.Count(arrival => arrival.Path == "/slow").ShouldBe(4);
        room.Merchant.Arrivals.Count(arrival => arrival.Path == "/quick").ShouldBe(9);
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task What_was_under_way_when_a_sender_died_is_sent_by_another_a_minute_later()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Hang;
        var id = await room.Paid("o-1", room.Merchant.Url("/"));
        await room.Follower.CatchUp(CancellationToken.None);
        using (var death = new CancellationTokenSource())
        {
            var run = room.Sender.Run(death.Token);
            await room.Merchant.Until(1);
            await death.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => run);
        }

        room.Merchant.Answer = _ => Task.CompletedTask;
        (await room.Work()).ShouldBe(0);
        room.Clock.Advance(TimeSpan.FromMinutes(1));
        (await room.Work()).ShouldBe(1);

        var notice = await room.NoticeOf(id);
        (notice.Status, notice.Attempts.Count).ShouldBe((NoticeStatus.Delivered, 1));
    }

    private static async Task Hang(HttpContext context)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The caller hung up.
        }
    }
}
