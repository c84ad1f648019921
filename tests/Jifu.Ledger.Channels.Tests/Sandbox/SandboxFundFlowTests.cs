using System.Net;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Reconciliation;
using Jifu.Ledger.Reconciliation.Funds;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>The sandbox channel's fund flows: what they say beside its trade bills.</summary>
public sealed class SandboxFundFlowTests : IAsyncLifetime
{
    private SandboxHouse _house = null!;

    public async Task InitializeAsync() => _house = await SandboxHouse.Open();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task Payments_charges_refunds_and_withdrawals_move_the_balance_from_day_to_day()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        var refunded = await _house.Paid(10_000);
        await _house.Refund(refunded, $"{refunded}.1", 5_000, 10_000);
        await _house.AdvanceTo(day.Start.AddHours(11));
        await _house.Client.Revoke(await _house.Paid(700), default);
        (await _house.Client.DownloadFundFlow(day, default)).ShouldBeNull();

        await _house.AdvanceTo(day.Next.Start.AddHours(2));
        (await Told(day)).ShouldBe(
        [
            "交易 CNY 100.00 CNY 100.00", "扣除交易手续费 CNY -0.38 CNY 99.62", "退款 CNY -49.81 CNY 49.81",
            "交易 CNY 7.00 CNY 56.81", "扣除交易手续费 CNY -0.03 CNY 56.78", "退款 CNY -6.97 CNY 49.81",
        ]);
        await _house.AdvanceTo(day.Next.Start.AddHours(11));
        await _house.Refund(refunded, $"{refunded}.2", 5_000, 10_000);
        await _house.AdvanceTo(day.Next.Next.Start);

        // What the first day came to went to the bank when its bill was made; the refund took more than was left.
        (await Told(day.Next)).ShouldBe(["提现 CNY -49.81 CNY 0.00", "退款 CNY -49.81 CNY -49.81"]);
        await _house.AdvanceTo(day.Next.Next.Next.Start);
        (await Told(day.Next.Next)).ShouldBe(["充值 CNY 49.81 CNY 0.00"]);
    }

    [Fact]
    public async Task Each_fund_flow_moves_what_its_trade_bill_says_whatever_was_planted_in_that()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        for (var fen = 1_000; fen < 1_012; fen++)
            await _house.Refund(await _house.Paid(fen), $"r{fen}", 300, fen);
        await _house.AdvanceTo(day.Next.Start.AddMinutes(-10));
        await _house.Paid(5_000);
        (await _house.Control($"days/{day}/differences", new { count = 12, seed = 7 })).Status
            .ShouldBe(HttpStatusCode.OK);
        await _house.AdvanceTo(day.Next.Next.Start);

        // The second day is asked for first: the channel makes the first one's bill before it.
        var later = await Check(day.Next, default);
        var check = await Check(day, default);
        (check.Gaps.Count, check.Awaited.Count, later.Gaps.Count).ShouldBe((0, 0, 0));
        check.Matched.ShouldBeGreaterThan(10);
        var account = check.Accounts.ShouldHaveSingleItem();
        (account.Break, account.Net).ShouldBe(("", (await Lines(day)).Aggregate(
            Money.Zero(Currency.CNY), (sum, line) => sum + line.Net)));
        (await Check(day.Next, account.Closing)).Accounts.ShouldHaveSingleItem().Break.ShouldBe("");
        (await _house.Control($"days/{day}/differences", new { count = 1, seed = 8 })).Body["code"]!.ToString()
            .ShouldBe("bill_already_fixed");
    }

    [Fact]
    public async Task A_fund_flow_can_be_missing_have_a_gap_or_be_another_file_than_was_told_of()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        for (var fen = 100; fen < 104; fen++)
            await _house.Paid(fen);
        await _house.AdvanceTo(day.Next.Start);
        var right = (await _house.Client.DownloadFundFlow(day, default)).ShouldNotBeNull();
        right.FileName.ShouldBe($"sandbox_1900000001_{day}_fund_flow.csv");

        await Break(day, "missing");
        (await _house.Client.DownloadFundFlow(day, default)).ShouldBeNull();
        await Break(day, "hash_wrong");
        (await Should.ThrowAsync<BillRejectedException>(_house.Client.DownloadFundFlow(day, default))).Message
            .ShouldMatch($"{right.FileName}:1:1: bill_hash_differs: expected a file whose SHA1 is 0{{40}}, .+");
        await Break(day, "balance_gap");
        (await Check(day, default)).Accounts.ShouldHaveSingleItem().Break
            .ShouldMatch("line 4 after line 3: the balance should be CNY .+, and is CNY .+");
        await _house.Restart();
        (await Check(day, default)).Accounts.ShouldHaveSingleItem().Break.ShouldNotBeEmpty();
        await Break(day, "none");
        (await _house.Client.DownloadFundFlow(day, default)).ShouldNotBeNull().Content.ToArray()
            .ShouldBe(right.Content.ToArray());

        var (status, problem) = await _house.Control($"days/{day}/fund-flow", new { fault = "lost" });
        (status, problem["code"]!.ToString()).ShouldBe((HttpStatusCode.UnprocessableEntity, "fault_unknown"));
    }

    private async Task Break(BusinessDay day, string fault) =>
        (await _house.Control($"days/{day}/fund-flow", new { fault })).Status.ShouldBe(HttpStatusCode.OK);

    private async Task<FundFlowCheck> Check(BusinessDay day, Money? opening) => FundFlowCheck.Of(
        day, await Flow(day), await Lines(day), [],
        opening is { } known ? new Dictionary<string, Money> { [""] = known } : []);

    private async Task<IEnumerable<string>> Told(BusinessDay day) =>
        (await Flow(day)).Select(row => $"{row.Business} {row.Amount} {row.Balance}");

    private async Task<List<FundFlowLine>> Flow(BusinessDay day) =>
        Open((await _house.Client.DownloadFundFlow(day, default)).ShouldNotBeNull(), day, bill => bill.FundFlow);

    private async Task<List<BillLine>> Lines(BusinessDay day) =>
        Open((await _house.Client.DownloadBill(day, default)).ShouldNotBeNull(), day, bill => bill.Lines);

    private static List<T> Open<T>(ChannelBillFile file, BusinessDay day, Func<OpenBill, IEnumerable<T>> rows) =>
        [.. BillFile.Open(
            new MemoryStream(file.Content.ToArray()), file.FileName, new(Ledger.Channel.Sandbox, day))
            .SelectMany(rows)];
}
