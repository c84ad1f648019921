using System.Text;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Operations.Reconciliation;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>Bills that list only some kinds of trades: they cannot say what the channel lacks of the others.</summary>
public class PartialBillTests
{
    private static readonly BusinessDay Friday = House.Friday;

    [Fact]
    public async Task A_day_is_not_reconciled_by_the_payments_alone_or_the_refunds_alone()
    {
        await using var house = await House.Traded();
        var head = await house.Log.Head(default);
        var (payments, refunds) = (Payments(Row("A1", 10_00), Row("A2", 20_00)), Refunds());
        foreach (var (part, said) in new[]
        {
            (payments, "lists payments only, no refunds"), (refunds, "lists refunds only, no payments"),
        })
        {
            var refused = (await Import(house, part)).Refusal!;
            refused.Code.ShouldBe("bill_not_of_all_trades");
            refused.Detail.ShouldContain(said);
            (await Import(house, part, "again")).Refusal!.Code.ShouldBe("bill_not_of_all_trades");
            (await house.Archive.Find(BillArchive.Sha256Of(part.Content), default)).ShouldBeNull();
        }

        (await house.Log.Head(default)).ShouldBe(head);
        var completed = (await Import(house, BillZip.Of(payments, refunds))).Completed!;
        (completed.Matched, completed.Differences).ShouldBe((2, 0));
    }

    [Fact]
    public async Task Both_together_do_not_say_which_payments_were_revoked()
    {
        await using var house = await House.Traded();
        house.Clock.Now = Friday.Start.AddHours(13);
        var id = await house.Pay("m1", "A3", 30_00);
        await house.Desk.Handle(
            Aggregates.Payments, $"{id}", new PaymentCommand.RequestCancel("wrong", Friday, house.Clock.Now), House.By,
            default);
        await house.Desk.Handle(
            Aggregates.Payments, $"{id}", new PaymentCommand.ConfirmCancel("rv", Friday, house.Clock.Now), House.By,
            default);
        house.Clock.Now = house.Clock.Now.AddDays(1);
        var payments = Payments(Row("A1", 10_00), Row("A2", 20_00), Row("A3", 30_00));

        var refused = (await Import(house, BillZip.Of(payments, Refunds()))).Refusal!;
        refused.Code.ShouldBe("bill_not_of_all_trades");
        refused.Detail.ShouldContain("lists payments and refunds only, no revocations");
        (await house.Archive.Find(BillArchive.Sha256Of(payments.Content), default)).ShouldBeNull();
    }

    private static Task<ReconciliationOutcome> Import(House house, ChannelBillFile bill, string? reason = null) =>
        house.Reconciliation.Import(Channel.Sandbox, Friday, bill, reason, House.By, default);

    private static TradeBillRow Row(string orderNo, long fen) => new()
    {
        TradeTime = Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = "1900000109",
        TransactionId = $"4200{orderNo}", OutTradeNo = $"{PaymentId.Of(new("m1"), orderNo)}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };

    // The SUCCESS bill: all columns but those of refunds.
    private static ChannelBillFile Payments(params TradeBillRow[] rows) => File("success.csv", rows, cells =>
    {
        cells.RemoveAt(25);
        cells.RemoveRange(14, 6);
    });

    // The REFUND bill of a day without any: two columns more.
    private static ChannelBillFile Refunds() =>
        File("refund.csv", [], cells => cells.InsertRange(14, ["退款申请时间", "退款成功时间"]));

    private static ChannelBillFile File(string name, TradeBillRow[] rows, Action<List<string>> lay)
    {
        using var all = new MemoryStream();
        TradeBillWriter.Write(all, rows);
        var lines = Encoding.UTF8.GetString(all.ToArray()).Split("\r\n").Select(line =>
        {
            var between = line is ['`', ..] ? ",`" : ",";
            var cells = line.Split(between).ToList();
            if (cells.Count == 27)
                lay(cells);
            return string.Join(between, cells);
        });
        return new(name, Encoding.UTF8.GetBytes(string.Join("\r\n", lines)));
    }
}
