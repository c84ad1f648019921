using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

public class TradeBillTests
{
    [Fact]
    public void What_is_written_is_read_again()
    {
        var cell = Gen.Elements("", "tea, milk", "100", "微信 支付", ",", "a,,b", "\"x\"", "\t", "😀");
        var fen = Gen.Choose(0, int.MaxValue).Select(units => Bill.Cny(units * 7L));
        var row =
            from payment in Gen.Elements(Bill.Payment, Bill.Refund)
            from seconds in Gen.Choose(0, 2_000_000_000)
            from text in Gen.Three(cell)
            from amounts in Gen.Four(fen)
            from more in Gen.Two(fen)
            from fee in Gen.Choose(int.MinValue, int.MaxValue)
            select payment with
            {
                TradeTime = payment.TradeTime.AddSeconds(seconds), Product = text.Item1, Attach = text.Item2,
                RateNote = text.Item3, SettledAmount = amounts.Item1, CouponAmount = amounts.Item2,
                RefundAmount = amounts.Item3, CouponRefundAmount = amounts.Item4, OrderAmount = more.Item1,
                RequestedRefundAmount = more.Item2, FeeHundredThousandths = fee,
            };

        Prop.ForAll(Arb.From(Gen.ListOf(row)), rows =>
        {
            var bill = Bill.Written([.. rows]);
            var read = new TradeBill(new(new MemoryStream(bill), "bill.csv"), null, null).Rows()
                .Select(numbered => numbered.Row);
            return read.SequenceEqual(rows);
        }).Check(Repeatable.Config);
    }
}
