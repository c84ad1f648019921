using System.Net;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>What the sandbox channel bills, and its clock.</summary>
public sealed class SandboxBillTests : IAsyncLifetime
{
    private SandboxHouse _house = null!;

    public async Task InitializeAsync() => _house = await SandboxHouse.Open();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_days_bill_holds_what_happened_with_its_fees_and_never_changes()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        var refunded = await _house.Paid(10_001);
        await _house.Refund(refunded, $"{refunded}.1", 5_000, 10_001);
        await _house.Refund(refunded, $"{refunded}.2", 5_001, 10_001);
        var revoked = await _house.Paid(700);
        await _house.Client.Revoke(revoked, default);
        var (open, order) = _house.Order(PaymentProduct.Native, 100);
        await _house.Client.Pay(open, order, default);
        (await _house.Client.DownloadBill(day, default)).ShouldBeNull();
        (await _house.Client.QueryFunds(day, default)).ShouldBeNull();

        await _house.AdvanceTo(day.Next.Start);
        (await _house.Client.QueryFunds(day, default)).ShouldBeNull();
        var file = (await _house.Client.DownloadBill(day, default)).ShouldNotBeNull();
        var bill = BillText.Of(file);
        file.FileName.ShouldBe($"sandbox_1900000001_{day}.csv");
        bill.Of($"{refunded}").ShouldBe(["SUCCESS 100.01 0.00 0.38000"]);
        bill.Of($"{refunded}.1").ShouldBe(["REFUND 0.00 50.00 -0.19000"]);
        bill.Of($"{refunded}.2").ShouldBe(["REFUND 0.00 50.01 -0.19000"]);
        bill.Of($"{revoked}").ShouldBe(["SUCCESS 7.00 0.00 0.03000", "REVOKED 0.00 7.00 -0.03000"]);
        bill.Rows.Count.ShouldBe(5);
        bill.Totals["总交易单数"].ShouldBe("5");
        bill.Totals["订单总金额"].ShouldBe("107.01");
        bill.Totals["申请退款总金额"].ShouldBe("107.01");
        bill.Totals["手续费总金额"].ShouldBe("0.00000");

        // A refund of the next day stands in the next day's bill.
        (await _house.Client.QueryFunds(day, default)).ShouldNotBeNull().Amount.ShouldBe(new(0, Currency.CNY));
        await _house.Restart();
        (await _house.Client.DownloadBill(day, default)).ShouldNotBeNull().Content.ToArray()
            .ShouldBe(file.Content.ToArray());
    }

    [Fact]
    public async Task What_is_paid_while_a_bill_is_fixed_stands_in_the_bill_of_its_own_day()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(23));
        var trade = Enumerable.Range(1, 150).Select(async fen =>
        {
            var (id, order) = _house.Order(PaymentProduct.Micropay, fen);
            var paid = (await _house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Paid>();
            return (Id: id, Day: BusinessDay.Of(paid.PaidAt));
        }).ToList();
        await Task.WhenAny(trade);
        await _house.AdvanceTo(day.Next.Start);
        var first = BillText.Of((await _house.Client.DownloadBill(day, default)).ShouldNotBeNull());
        var made = await Task.WhenAll(trade);

        await _house.AdvanceTo(day.Next.Next.Start);
        var second = BillText.Of((await _house.Client.DownloadBill(day.Next, default)).ShouldNotBeNull());
        first.Rows.Select(row => row["商户订单号"]).ShouldBe(
            made.Where(one => one.Day == day).Select(one => $"{one.Id}"), ignoreOrder: true);
        second.Rows.Select(row => row["商户订单号"]).ShouldBe(
            made.Where(one => one.Day == day.Next).Select(one => $"{one.Id}"), ignoreOrder: true);
    }

    [Fact]
    public async Task A_payment_is_revoked_only_on_its_own_day()
    {
        var id = await _house.Paid(100);
        await _house.AdvanceTo(_house.Today.Next.Start);
        (await _house.Client.Revoke(id, default)).ShouldBeOfType<ChannelAnswer.Refused>().Code
            .ShouldBe("revoke_day_over");
    }

    [Fact]
    public async Task The_clock_goes_forward_only_and_outlives_a_restart()
    {
        var noon = _house.Today.Next.Start.AddHours(12);
        await _house.AdvanceTo(noon);
        _house.Clock.GetUtcNow().ShouldBe(noon, TimeSpan.FromSeconds(5));
        await _house.Restart();
        _house.Clock.GetUtcNow().ShouldBe(noon, TimeSpan.FromSeconds(5));
        ((string)(await _house.Control("clock")).Body["business_day"]!).ShouldBe($"{BusinessDay.Of(noon)}");

        var (status, problem) = await _house.Control("clock", new { advance_to = noon.AddHours(-1) });
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ((string)problem["code"]!).ShouldBe("clock_only_forward");
        (status, problem) = await _house.Control("clock", new { advance_to = noon.AddYears(2) });
        status.ShouldBe(HttpStatusCode.UnprocessableEntity);
        ((string)problem["code"]!).ShouldBe("clock_leap_too_long");
        _house.Clock.GetUtcNow().ShouldBe(noon, TimeSpan.FromSeconds(5));

        var paid = (await _house.Client.Query(await _house.Paid(1), default)).ShouldBeOfType<ChannelAnswer.Paid>();
        paid.PaidAt.ShouldBe(noon, TimeSpan.FromSeconds(5));
    }
}
