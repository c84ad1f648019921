using System.Text;
using Jifu.Ledger.Payments;
using Microsoft.AspNetCore.Http;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>How the sandbox channel tells, and whom we believe.</summary>
public sealed class SandboxNoticeTests : IAsyncLifetime
{
    private SandboxHouse _house = null!;

    public async Task InitializeAsync() => _house = await SandboxHouse.Open();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_late_payment_is_told_by_a_notice()
    {
        var (id, order) = _house.Order(PaymentProduct.Micropay, 500, payerCode: "sandbox:late");
        (await _house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Accepted>();
        var notice = Read(await _house.NextNotice()).ShouldNotBeNull();
        notice.Payment.ShouldBe(id);
        notice.RefundNo.ShouldBeNull();
        notice.Answer.ShouldBe(await _house.Client.Query(id, default));
        notice.Answer.ShouldBeOfType<ChannelAnswer.Paid>();
    }

    [Fact]
    public async Task A_late_refund_is_told_by_a_notice()
    {
        var id = await _house.Paid(500);
        (await _house.Refund(id, $"{id}.1", 100, 500, "sandbox:late")).ShouldBeOfType<ChannelAnswer.Accepted>();
        var notice = Read(await _house.NextNotice()).ShouldNotBeNull();
        notice.RefundNo.ShouldBe($"{id}.1");
        notice.Answer.ShouldBe(await _house.Client.QueryRefund($"{id}.1", default));
    }

    [Fact]
    public async Task A_notice_that_comes_twice_is_the_same_notice()
    {
        var (id, order) = _house.Order(PaymentProduct.App, 500, "sandbox:twice");
        var accepted = (await _house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Accepted>();
        await _house.PayByPhone(new(accepted.Credential));
        var first = Read(await _house.NextNotice()).ShouldNotBeNull();
        Read(await _house.NextNotice()).ShouldBe(first);
        first.Payment.ShouldBe(id);
    }

    [Fact]
    public async Task A_notice_comes_again_until_it_is_taken_also_after_a_restart()
    {
        _house.NoticeStatus = _ => StatusCodes.Status503ServiceUnavailable;
        var (id, order) = _house.Order(PaymentProduct.Native, 500);
        var accepted = (await _house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Accepted>();
        await _house.PayByPhone(new(accepted.Credential));
        var first = Read(await _house.NextNotice()).ShouldNotBeNull();
        ((long)(await _house.Control("notices")).Body["waiting"]!).ShouldBe(1);

        _house.NoticeStatus = _ => StatusCodes.Status204NoContent;
        await _house.Restart();
        Read(await _house.NextNotice()).ShouldBe(first);
        await Until(async () => (long)(await _house.Control("notices")).Body["waiting"]! == 0);
        _house.Notices.Reader.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_notice_that_was_touched_is_not_believed()
    {
        var (id, order) = _house.Order(PaymentProduct.Micropay, 500, payerCode: "sandbox:twice");
        await _house.Client.Pay(id, order, default);
        var (headers, body) = await _house.NextNotice();
        Read(new(headers, body)).ShouldNotBeNull();

        var touched = Encoding.UTF8.GetBytes(
            Encoding.UTF8.GetString(body).Replace("500", "501", StringComparison.Ordinal));
        Read(new(headers, touched)).ShouldBeNull();
        foreach (var name in new[] { "Sandbox-Timestamp", "Sandbox-Nonce", "Sandbox-Signature" })
        {
            Read(new(headers.Where(header => header.Key != name).ToDictionary(), body)).ShouldBeNull();
            Read(new(new(headers) { [name] = headers[name] + "1" }, body)).ShouldBeNull();
        }
    }

    private ChannelNotice? Read(ArrivedNotice notice) => _house.Client.ReadNotice(notice.Headers, notice.Body);

    private static async Task Until(Func<Task<bool>> isSo)
    {
        for (var i = 0; i < 200 && !await isSo(); i++)
            await Task.Delay(25);
        (await isSo()).ShouldBeTrue();
    }
}
