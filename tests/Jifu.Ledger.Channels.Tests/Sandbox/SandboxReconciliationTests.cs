using System.Text.Json;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.Simulator.Bills;
using Jifu.Ledger.Payments;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>Books that believe the channel's answers, compared with the channel's bills: what was planted is found, and
/// nothing else.</summary>
public sealed class SandboxReconciliationTests : IAsyncLifetime
{
    private readonly List<LedgerLine> _books = [];
    private SandboxHouse _house = null!;

    public async Task InitializeAsync() => _house = await SandboxHouse.Open();

    public Task DisposeAsync() => _house.DisposeAsync();

    [Fact]
    public async Task A_day_in_which_nothing_was_planted_matches_row_by_row()
    {
        var day = await Trade();
        var comparison = Compare(await Bill(day), day, []);
        comparison.Discrepancies.ShouldBeEmpty();
        comparison.Carried.ShouldBeEmpty();
        comparison.Matched.ShouldBe(_books.Count);
    }

    [Theory]
    [InlineData(6, 42)]
    [InlineData(9, 7)]
    [InlineData(40, -1)]
    public async Task What_was_planted_is_found_and_nothing_else(int count, long seed)
    {
        var day = await Trade();
        var planted = (await _house.Control($"days/{day}/differences", new { count, seed })).Body["differences"]
            .Deserialize<List<PlantedDifference>>(JsonSerializerOptions.Web)!;
        planted.Count.ShouldBe(count);
        planted.Select(one => one.Key).ShouldBeUnique();

        var comparison = Compare(await Bill(day), day, []);
        comparison.Discrepancies.Concat(comparison.Carried)
            .Select(one => new PlantedDifference(one.Class, one.Key, one.Field, one.Theirs, one.Ours))
            .ShouldBe(
                planted.Select(one => new PlantedDifference(one.Class, one.Key, one.Field, one.Theirs, one.Ours)),
                ignoreOrder: true);
        (await _house.Client.QueryFunds(day, default)).ShouldNotBeNull().Amount.ShouldBe(comparison.TheirNet);

        await _house.AdvanceTo(day.Next.Next.Start);
        var next = Compare(await Bill(day.Next), day.Next, [.. comparison.Carried.Select(one => one.Carried)]);
        next.Discrepancies.ShouldBeEmpty();
        next.CarriedMet.Count.ShouldBe(comparison.Carried.Count);
    }

    /// <summary>A day of payments with odd fees, refunds in parts, a revocation, and payments near midnight.</summary>
    private async Task<BusinessDay> Trade()
    {
        var day = _house.Today.Next;
        await _house.AdvanceTo(day.Start.AddHours(10));
        for (var i = 0; i < 12; i++)
            await Pay(9_973 + (i * 131));
        foreach (var paid in _books.Take(4).ToList())
        {
            var returned = Money.Zero(Currency.CNY);
            returned += await Refund(paid, 1, paid.Amount.MinorUnits / 3, returned);
            await Refund(paid, 2, paid.Amount.MinorUnits - (paid.Amount.MinorUnits / 3), returned);
        }

        var undone = await Pay(12_345);
        var revoked = (await _house.Client.Revoke(new(undone.Number), default)).ShouldBeOfType<ChannelAnswer.Revoked>();
        _books.Add(new(
            BillLineKind.Revoke, undone.Number, revoked.Reference, undone.Amount, -undone.Fee, revoked.RevokedAt));
        await _house.AdvanceTo(day.Next.Start.AddMinutes(-9));
        await Pay(777);
        await Pay(778);
        await _house.AdvanceTo(day.Next.Start.AddHours(1));
        return day;
    }

    private async Task<LedgerLine> Pay(long fen)
    {
        var (id, order) = _house.Order(PaymentProduct.Micropay, fen);
        var paid = (await _house.Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Paid>();
        var cost = Simulator.Sandbox.Terms.CostRate.RoundedOf(order.Amount);
        _books.Add(new(BillLineKind.Payment, $"{id}", paid.Reference, paid.Amount, cost, paid.PaidAt));
        return _books[^1];
    }

    private async Task<Money> Refund(LedgerLine paid, int number, long fen, Money returned)
    {
        var refunded = (await _house.Refund(
            new(paid.Number), $"{paid.Number}.{number}", fen, paid.Amount.MinorUnits))
            .ShouldBeOfType<ChannelAnswer.Refunded>();
        var after = number == 1 ? new Money(fen, Currency.CNY) : paid.Amount;
        var back = Fees.Proportion.RoundedReturn(paid.Fee, returned, paid.Amount, after);
        _books.Add(new(
            BillLineKind.Refund, $"{paid.Number}.{number}", refunded.Reference, refunded.Amount, -back,
            refunded.RefundedAt));
        return back;
    }

    private Comparison Compare(ChannelBillFile file, BusinessDay day, IReadOnlyList<CarriedLine> carried)
    {
        using var bill = new MemoryStream(file.Content.ToArray());
        var rows = BillFile.Open(bill, file.FileName, new(Channel.Sandbox, day, "1900000001"))
            .SelectMany(document => document.Lines).ToList();
        return Comparison.Compare(
            rows, new(day, Currency.CNY, [.. _books.Where(line => BusinessDay.Of(line.At) == day)], carried, []));
    }

    private async Task<ChannelBillFile> Bill(BusinessDay day) =>
        (await _house.Client.DownloadBill(day, default)).ShouldNotBeNull();
}
