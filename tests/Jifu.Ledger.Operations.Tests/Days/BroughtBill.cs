using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.WeChatPay;
using Jifu.Ledger.Fees;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels.Clearing;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>Bills that a test brings by hand, and what else there is to a channel that is not connected.</summary>
internal static class BroughtBill
{
    private const string Number = "1900000109";

    public static async Task Paid(House house, string orderNo, DateTimeOffset at)
    {
        var order = new PaymentOrder(
            new("m1"), orderNo, new(10_00, Currency.CNY), Channel.WeChatPay, PaymentProduct.Native, "tea", null, null,
            null, []);
        var quote = FeeQuote.For(
            order.Amount, new(6000), FeeOnRefund.Returned, new(Channel.WeChatPay, new(3800), FeeOnRefund.Returned));
        var id = $"{PaymentId.Of(order.Merchant, orderNo)}";
        await house.Desk.Handle(
            Aggregates.Payments, id, new PaymentCommand.Create(order, new(quote, [], House.Friday), new(true, []), at),
            House.By, default);
        await house.Desk.Handle(
            Aggregates.Payments, id, new PaymentCommand.Succeed($"4200{orderNo}", order.Amount, at, House.Friday, at),
            House.By, default);
        await house.CatchUp();
    }

    public static Task Received(House house, Channel channel, long fen) => house.Tell<ReconciliationEvent>(
        "reconciliation", $"{channel.Name()}_{House.Friday}", [
            new ReconciliationEvent.FundsReceived(
                channel, House.Friday, new(fen, Currency.CNY), Money.Zero(Currency.CNY), "bank", house.Clock.Now)]);

    public static async Task<IEnumerable<string>> OpenEnds(House house, BusinessDay day)
    {
        await house.CatchUp();
        return (await new OpenEndQueries(house.Views).UpTo(day, default)).Select(end => $"{end}");
    }

    public static TradeBillRow Row(string orderNo, long fen) => new()
    {
        TradeTime = House.Friday.Start.AddHours(12), AppId = "wx", MerchantNumber = Number,
        TransactionId = $"4200{orderNo}", OutTradeNo = $"{PaymentId.Of(new("m1"), orderNo)}", TradeType = "NATIVE",
        TradeState = TradeState.Success, SettledAmount = new(fen, Currency.CNY), OrderAmount = new(fen, Currency.CNY),
        FeeHundredThousandths = new Money(fen, Currency.CNY).RoundedHalfEven(3800, 1_000_000).MinorUnits * 1000,
    };

    public static ChannelBillFile Bill(string name, params TradeBillRow[] rows)
    {
        using var file = new MemoryStream();
        TradeBillWriter.Write(file, rows);
        return new(name, file.ToArray());
    }
}
