using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Statements;

/// <summary>What finance is advised to do about a line of the bank that nobody knows.</summary>
public class MoneyAdviceTests
{
    [Theory]
    [InlineData(1_000_00, 9, true, "line_may_be_ours")]
    [InlineData(1_000_00, 3, false, "books_may_follow")]
    [InlineData(1_000_00, 4, false, "came_unknown")]
    [InlineData(-35_00, 4, false, "went_unknown")]
    public void A_line_that_nobody_knows_has_a_next_step(long amountMinor, int ageDays, bool isProposed, string code) =>
        MoneyAdvice.ForLine(amountMinor, ageDays, isProposed).Code.ShouldBe(code);

    [Fact]
    public void What_somebody_explained_waits_for_another_and_a_rest_has_a_next_step()
    {
        MoneyAdvice.ForLine(-35_00, 9, true, isExplained: true).Code.ShouldBe("explanation_awaits_approval");
        MoneyAdvice.For("rest:sandbox:2026-11-20:1", 4).Code.ShouldBe("rest_not_arrived");
    }
}
