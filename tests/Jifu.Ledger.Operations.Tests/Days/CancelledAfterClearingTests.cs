using Jifu.Ledger.Settlement;
using Npgsql;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>What was cleared is refunded, never cancelled.</summary>
public class CancelledAfterClearingTests
{
    [Fact]
    public async Task A_cleared_payment_is_not_cancelled_though_a_view_has_left_it_out()
    {
        await using var house = await House.Open();
        await house.Register("fast", SettlementTerm.T0);
        var cleared = await house.Pay("fast", "A1", 10_00);
        await house.CatchUp();
        (await house.Clearing.ClearNow(Channel.Sandbox, null, House.By, default)).Refusal.ShouldBeNull();
        var waiting = await house.Pay("fast", "A2", 20_00);
        await house.CatchUp();

        // As after `jifu projections skip channel_lines`.
        await using (var owner = NpgsqlDataSource.Create(house.OwnerConnection))
        {
            await using var skip = owner.CreateCommand("DELETE FROM views.channel_line");
            (await skip.ExecuteNonQueryAsync()).ShouldBe(2);
        }

        (await house.Payments.Cancel(cleared, "wrong table", House.By, default)).Refusal!.Code
            .ShouldBe("payment_already_cleared");
        (await house.Payments.Cancel(waiting, "wrong table", House.By, default)).Refusal.ShouldBeNull();
    }
}
