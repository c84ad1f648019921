using Jifu.Ledger.Channels;
using Jifu.Ledger.Reconciliation.Differences;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Differences;

using static FinanceDesk;

/// <summary>A payment of ours that was booked late ends one difference, and only where no comparison has had it.
/// </summary>
public class LateLineTests
{
    private static readonly BusinessDay Saturday = Friday.Next;

    [Fact]
    public async Task A_second_deduction_stays_open_when_the_first_was_met_by_the_only_booking()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
        desk.House.Channel.OnQuery = _ => Success(Friday.Start.AddHours(12));
        await desk.Close(await desk.Of("A3"), new(RemedyKind.Supplement));
        (await desk.Of("A3")).ClosedWith.ShouldBe($"payment:{order}");

        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        (await desk.Of("A3", Saturday)).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(4_98);
    }

    [Fact]
    public async Task A_payment_that_its_own_days_bill_has_met_meets_no_row_of_an_earlier_bill()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        await desk.House.Payments.Record(order, Success(Friday.Start.AddHours(12)), Mei, default);

        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
        (await desk.Of("A3")).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(4_98);
    }

    [Fact]
    public async Task Of_two_rows_it_meets_the_one_of_its_own_day()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        await desk.House.Payments.Record(order, Success(Saturday.Start.AddHours(12)), Mei, default);

        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        (await desk.Of("A3", Saturday)).ClosedWith.ShouldBe($"payment:{order}");
        (await desk.Of("A3", Friday)).Status.ShouldBe("open");
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        (await desk.Suspense()).ShouldBe(4_98);
    }

    [Fact]
    public async Task One_that_no_comparison_has_had_meets_a_row_of_another_day()
    {
        await using var desk = await FinanceDesk.Open();
        var order = await BookedLate(desk);
        (await desk.Of("A3")).ClosedWith.ShouldBe($"payment:{order}");
        (await desk.Suspense()).ShouldBe(0);
    }

    [Theory]
    [InlineData("A3", "open")]
    [InlineData("Z9", "closed")]
    public async Task What_it_has_met_is_open_again_when_a_corrected_bill_of_its_own_day_was_compared_with_it(
        string corrected, string status)
    {
        await using var desk = await FinanceDesk.Open();
        await BookedLate(desk);
        (await desk.Of("A3")).ClosedBy.ShouldBe("met");

        // Friday has it after all, so that the payer paid twice; or has it not, and the two are one.
        await desk.Import(Friday, "again", Paid("A1", 10_00), Paid("A2", 20_00), Paid(corrected, 5_00));
        var saturday = await desk.Of("A3", Saturday);
        saturday.Status.ShouldBe(status);
        (saturday.ClosedWith ?? "").ShouldStartWith(status == "open" ? "" : "difference ");
        (await desk.Suspense()).ShouldBe(4_98);
    }

    [Fact]
    public async Task One_that_another_day_has_carried_meets_no_row_of_its_own()
    {
        await using var desk = await FinanceDesk.Open();
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.House.Payments.Record(order, Success(Saturday.Start.AddMinutes(-5)), Mei, default);
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00));
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        (await desk.Live()).ShouldBeEmpty();

        await desk.Import(Friday, "with A3", Paid("A1", 10_00), Paid("A2", 20_00), Paid("A3", 5_00));
        (await desk.Of("A3")).Status.ShouldBe("open");
        (await desk.Suspense()).ShouldBe(4_98);
    }

    private static ChannelAnswer.Paid Success(DateTimeOffset at) => new("4200A3", new(5_00, Currency.CNY), at);

    // On Friday, after its bill was compared; Saturday's bill has it.
    private static async Task<PaymentId> BookedLate(FinanceDesk desk)
    {
        var order = (await desk.House.Order("m1", "A3", 5_00)).Id;
        await desk.Import(Friday, null, Paid("A1", 10_00), Paid("A2", 20_00));
        await desk.House.Payments.Record(order, Success(Friday.Start.AddHours(12)), Mei, default);
        desk.House.Clock.Now = desk.House.Clock.Now.AddDays(1);
        await desk.Import(Saturday, null, Paid("A3", 5_00, Saturday));
        return order;
    }
}
