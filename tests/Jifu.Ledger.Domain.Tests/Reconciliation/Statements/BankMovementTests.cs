using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Statements;

/// <summary>The names of movements stand in the log, and in the views' SQL.</summary>
public class BankMovementTests
{
    private static readonly BusinessDay Friday = new(new(2026, 11, 20));

    [Fact]
    public void Movements_are_called_as_the_log_has_them()
    {
        BankMovement.Funds(Channel.WeChatPay, Friday).ShouldBe("funds:wechatpay:2026-11-20");
        BankMovement.Rest(Channel.WeChatPay, Friday, 2).ShouldBe("rest:wechatpay:2026-11-20:2");
        BankMovement.Withdrawal(Channel.Alipay, Friday, "W:7").ShouldBe("withdrawal:alipay:2026-11-20:W:7");
        BankMovement.Settlement("s1").ShouldBe("settlement:s1");
        BankMovement.Explained("l1").ShouldBe("explained:l1");
        BankMovement.IsReturned(BankMovement.Returned("p-1")).ShouldBeTrue();
        BankMovement.IsReturned("settlement:returned:1").ShouldBeFalse();
    }

    [Fact]
    public void A_claims_booking_names_the_movement_of_its_day()
    {
        BankMovement.OfBooking(Channel.Alipay, Friday, "funds").ShouldBe(BankMovement.Funds(Channel.Alipay, Friday));
        BankMovement.OfBooking(Channel.Alipay, Friday, "rest:1").ShouldBe("rest:alipay:2026-11-20:1");
        BankMovement.OfBooking(Channel.Alipay, Friday, "withdrawal:W:7").ShouldBe("withdrawal:alipay:2026-11-20:W:7");
        BankMovement.FundsIn("funds:alipay:2026-11-20").ShouldBe((Channel.Alipay, Friday));
        BankMovement.FundsIn("rest:alipay:2026-11-20:1").ShouldBeNull();
        BankMovement.FundsIn("funds:alipay:someday").ShouldBeNull();
    }
}
