using FsCheck;
using FsCheck.Fluent;
using Jifu.Ledger.Channels.Bills;
using Jifu.Ledger.Channels.WeChatPay;

namespace Jifu.Ledger.Channels.Tests.WeChatPay;

public class TradeBillReaderTests
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
            var read = TradeBillReader.Rows(new MemoryStream(bill), "bill.csv").Select(numbered => numbered.Row);
            return read.SequenceEqual(rows);
        }).Check(Repeatable.Config);
    }

    [Fact]
    public void Two_thousand_damaged_bills_are_refused_or_tie_out()
    {
        var dice = new Random(20261121);
        var good = Bill.Written([Bill.Payment, Bill.Refund, Bill.Payment with { Product = "a,b" }]);
        var told = Enumerable.Range(0, 2_000).Select(_ => Outcome(Damaged(good, dice))).CountBy(code => code).ToList();

        told.Sum(code => code.Value).ShouldBe(2_000);
        told.Count.ShouldBeGreaterThan(8);
    }

    private static string Outcome(byte[] bill)
    {
        try
        {
            return $"{TradeBillReader.Check(new MemoryStream(bill), "bill.csv").Rows} rows tie out";
        }
        catch (BillRejectedException refused)
        {
            (refused.Line > 0 && refused.Column > 0 && refused.Expected.Length > 0).ShouldBeTrue();
            return $"{refused.Code}";
        }
    }

    private static byte[] Damaged(byte[] bill, Random dice)
    {
        var damaged = bill.ToList();
        for (var wounds = dice.Next(1, 4); wounds > 0 && damaged.Count > 1; wounds--)
        {
            var at = dice.Next(damaged.Count);
            var length = Math.Min(dice.Next(1, 200), damaged.Count - at);
            switch (dice.Next(7))
            {
                case 0: damaged[at] = (byte)dice.Next(256); break;
                case 1: damaged[at] = (byte)"`,\n\r-.0"[dice.Next(7)]; break;
                case 2: damaged.RemoveRange(at, length); break;
                case 3: damaged.InsertRange(at, damaged.GetRange(at, length)); break;
                case 4: damaged.RemoveRange(at, damaged.Count - at); break;
                case 5: damaged.InsertRange(at, Enumerable.Repeat((byte)'9', length * 400)); break;
                default: damaged.InsertRange(at, damaged.GetRange(0, at)); break;
            }
        }

        return [.. damaged];
    }
}
