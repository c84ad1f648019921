using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Operations.Notices;
using Microsoft.AspNetCore.Http;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>How notices reach merchants, and what happens when they do not.</summary>
public class NoticeSenderTests
{
    [Fact]
    public async Task A_notice_is_delivered_once_with_a_signature_that_the_merchant_can_verify()
    {
        await using var room = await NoticeRoom.Open();
        var id = await room.Paid("o-1", room.Merchant.Url("/order?shop=7"));

        (await room.Work()).ShouldBe(1);
        (await room.Work()).ShouldBe(0);

        var notice = await room.NoticeOf(id);
        notice.Status.ShouldBe(NoticeStatus.Delivered);
        notice.NextTryAt.ShouldBeNull();
        notice.Attempts.ShouldBe([new(1, NoticeRoom.Start, 200, "ok", null)]);

        var arrival = room.Merchant.Arrivals.ShouldHaveSingleItem();
        arrival.Headers["content-type"].ShouldBe("application/json");
        arrival.Headers["webhook-id"].ShouldBe(notice.Id);
        arrival.Headers["webhook-timestamp"].ShouldBe(Seconds(NoticeRoom.Start));

        // Computed as the standard's text says, not as we do it.
        var signed = $"{notice.Id}.{Seconds(NoticeRoom.Start)}.{Encoding.UTF8.GetString(arrival.Body)}";
        using var hmac = new HMACSHA256(NoticeRoom.Secret);
        var signature = Convert.ToBase64String(hmac.ComputeHash(Encoding.UTF8.GetBytes(signed)));
        arrival.Headers["webhook-signature"].ShouldBe($"v1,{signature}");
    }

    [Fact]
    public async Task A_notice_that_fails_comes_again_under_the_same_id_with_the_same_body_and_a_new_time()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Status(503);
        var id = await room.Paid("o-1", room.Merchant.Url("/"));
        await room.Work();
        (await room.NoticeOf(id)).NextTryAt.ShouldBe(NoticeRoom.Start.AddSeconds(5));

        room.Clock.Advance(TimeSpan.FromSeconds(4.9));
        (await room.Work()).ShouldBe(0);
        room.Merchant.Answer = Status(204);
        room.Clock.Advance(TimeSpan.FromSeconds(0.1));
        (await room.Work()).ShouldBe(1);

        var notice = await room.NoticeOf(id);
        notice.Status.ShouldBe(NoticeStatus.Delivered);
        notice.Attempts.Select(attempt => attempt.StatusCode).ShouldBe([503, 204]);
        var (first, second) = (room.Merchant.Arrivals.First(), room.Merchant.Arrivals.Last());
        second.Body.ShouldBe(first.Body);
        second.Headers["webhook-id"].ShouldBe(first.Headers["webhook-id"]);
        second.Headers["webhook-timestamp"].ShouldBe(Seconds(NoticeRoom.Start.AddSeconds(5)));
        second.Headers["webhook-signature"].ShouldNotBe(first.Headers["webhook-signature"]);
    }

    [Theory]
    [InlineData(0, "5s 5m 30m 2h 5h 10h 14h 20h 24h")]
    [InlineData(1, "5.5s 5.5m 33m 2.2h 5.5h 11h 15.4h 22h 26.4h")]
    public async Task A_notice_is_tried_ten_times_and_then_given_up(double jitter, string waits)
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Status(500);
        room.Jitter = jitter;
        var id = await room.Paid("o-1", room.Merchant.Url("/"));

        var waited = new List<string>();
        await room.Work();
        while (await room.NoticeOf(id) is { NextTryAt: { } next })
        {
            var wait = next - room.Clock.GetUtcNow();
            waited.Add(Short(wait));
            room.Clock.Advance(wait);
            (await room.Work()).ShouldBe(1);
        }

        string.Join(' ', waited).ShouldBe(waits);
        var notice = await room.NoticeOf(id);
        notice.Status.ShouldBe(NoticeStatus.GivenUp);
        notice.Attempts.Select(attempt => attempt.No).ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task A_merchant_that_says_gone_is_not_asked_again()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Status(410);
        var id = await room.Paid("o-1", room.Merchant.Url("/"));

        await room.Work();

        var notice = await room.NoticeOf(id);
        (notice.Status, notice.NextTryAt).ShouldBe((NoticeStatus.GivenUp, null));
    }

    [Fact]
    public async Task A_redirect_is_a_failure_and_is_not_followed()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = context =>
        {
            context.Response.Redirect("/elsewhere", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        };
        var id = await room.Paid("o-1", room.Merchant.Url("/order"));

        await room.Work();

        room.Merchant.Arrivals.ShouldHaveSingleItem().Path.ShouldBe("/order");
        var notice = await room.NoticeOf(id);
        notice.Status.ShouldBe(NoticeStatus.Waiting);
        notice.Attempts.ShouldBe([new(1, NoticeRoom.Start, 307, "", "redirect")]);
    }

    [Theory]
    [InlineData("120", 120)]
    [InlineData("1", 5)]
    [InlineData("Sat, 21 Nov 2026 02:10:00 GMT", 600)]
    [InlineData("9999999", 24 * 3600)]
    public async Task A_merchant_that_asks_for_time_gets_it_within_reason(string retryAfter, int seconds)
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = context =>
        {
            context.Response.Headers.RetryAfter = retryAfter;
            return Status(429)(context);
        };
        var id = await room.Paid("o-1", room.Merchant.Url("/"));

        await room.Work();

        (await room.NoticeOf(id)).NextTryAt.ShouldBe(NoticeRoom.Start.AddSeconds(seconds));
    }

    [Fact]
    public async Task A_merchant_without_a_secret_gets_nothing_unsigned()
    {
        await using var room = await NoticeRoom.Open();
        var id = await room.Paid("o-1", room.Merchant.Url("/"), "m-none");

        await room.Work();

        room.Merchant.Arrivals.ShouldBeEmpty();
        var notice = await room.NoticeOf(id);
        (notice.Status, notice.Attempts.Single().Error).ShouldBe((NoticeStatus.Waiting, "secret_missing"));
    }

    [Fact]
    public async Task Nobody_there_is_a_failure_with_its_reason()
    {
        await using var room = await NoticeRoom.Open();
        var nobody = await room.Paid("o-1", "http://127.0.0.1:1/");
        var unknown = await room.Paid("o-2", "http://no-such-host.invalid/");

        await room.Work();

        (await room.NoticeOf(nobody)).Attempts.Single().Error.ShouldBe("connection_failed");
        (await room.NoticeOf(unknown)).Attempts.Single().Error.ShouldBe("name_not_resolved");
    }

    [Fact]
    public async Task A_private_address_is_blocked_for_good_and_never_called()
    {
        await using var room = await NoticeRoom.Open(allowPrivate: false);
        var id = await room.Paid("o-1", room.Merchant.Url("/"));

        await room.Work();
        room.Clock.Advance(TimeSpan.FromDays(10));
        (await room.Work()).ShouldBe(0);

        room.Merchant.Arrivals.ShouldBeEmpty();
        var notice = await room.NoticeOf(id);
        (notice.Status, notice.NextTryAt).ShouldBe((NoticeStatus.Blocked, null));
        notice.Attempts.ShouldBe([new(1, NoticeRoom.Start, null, null, AddressGuard.AddressNotPublic)]);
    }

    [Fact]
    public async Task Of_a_long_answer_only_the_beginning_is_kept()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = context => context.Response.WriteAsync("\0" + new string('账', 100_000));
        var id = await room.Paid("o-1", room.Merchant.Url("/"));

        await room.Work();

        (await room.NoticeOf(id)).Attempts.Single().Excerpt.ShouldBe("\uFFFD" + new string('账', 499));
    }

    [Fact]
    public async Task A_notice_can_be_sent_again_whatever_became_of_it()
    {
        await using var room = await NoticeRoom.Open();
        room.Merchant.Answer = Status(410);
        var id = await room.Paid("o-1", room.Merchant.Url("/"));
        await room.Work();
        room.Merchant.Answer = Status(200);

        var notice = await room.NoticeOf(id);
        (await room.Notices.Resend(notice.Id, room.Clock.GetUtcNow(), CancellationToken.None)).ShouldBeTrue();
        (await room.Work()).ShouldBe(1);

        var again = (await room.Notices.Find(notice.Id, CancellationToken.None))!;
        again.Status.ShouldBe(NoticeStatus.Delivered);
        again.Attempts.Select(attempt => attempt.StatusCode).ShouldBe([410, 200]);
        (await room.Notices.Resend("ntc_none", room.Clock.GetUtcNow(), CancellationToken.None)).ShouldBeFalse();
    }

    private static RequestDelegate Status(int code) => context =>
    {
        context.Response.StatusCode = code;
        return Task.CompletedTask;
    };

    private static string Seconds(DateTimeOffset moment) =>
        moment.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Short(TimeSpan wait) => wait switch
    {
        _ when wait < TimeSpan.FromMinutes(1) => FormattableString.Invariant($"{wait.TotalSeconds}s"),
        _ when wait < TimeSpan.FromHours(1) => FormattableString.Invariant($"{wait.TotalMinutes}m"),
        _ => FormattableString.Invariant($"{wait.TotalHours}h"),
    };
}
