using Jifu.Ledger.Reconciliation.Statements;

namespace Jifu.Ledger.Domain.Tests.Reconciliation.Statements;

public class BankGapTests
{
    [Theory]
    [InlineData(0, 0, 1_000_00, 0, 1_000_00)] // Booked, and no line yet.
    [InlineData(0, -200_00, -200_00, 0, -200_00)] // Paid, and in the statement of a later day.
    [InlineData(-35_00, 0, 0, -35_00, 0)] // A fee that nobody has booked.
    [InlineData(600_00, 400_00, 1_000_00, 0, 400_00)] // A part of it comes later.
    [InlineData(600_00, 400_00, 0, 600_00, 0)] // The same, and not booked by then.
    [InlineData(999_00, 0, 1_000_00, -1_00, 0)] // What the bank kept, and nobody has booked.
    [InlineData(600_00, 399_00, 1_000_00, -1_00, 399_00)] // Both.
    [InlineData(1_000_00, 0, 999_00, 1_00, 0)]
    public void Each_fen_between_the_two_balances_is_the_banks_or_ours(
        long seen, long later, long booked, long atBank, long withUs)
    {
        var gap = BankGap.Of(seen, later, booked);
        (gap.AtBankMinor, gap.WithUsMinor).ShouldBe((atBank, withUs));
        (gap.AtBankMinor - gap.WithUsMinor).ShouldBe(seen - booked);
    }
}
