namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>What lies, at the end of a day, between lines of the bank and what our books have for them: the two parts
/// of a bank reconciliation statement (余额调节表).</summary>
/// <param name="AtBankMinor">What the bank has and the books have not (银行已收付、企业未收付); positive came in.</param>
/// <param name="WithUsMinor">What the books have and the bank has not (企业已收付、银行未收付); positive came in.</param>
public sealed record BankGap(long AtBankMinor, long WithUsMinor)
{
    /// <param name="seenMinor">What the lines are that the bank had by that day.</param>
    /// <param name="laterMinor">What others of them are, which came after it.</param>
    /// <param name="bookedMinor">What the books had by that day.</param>
    /// <remarks>Of 1,000.00 that is booked, and of which 600.00 came that day and 400.00 after it, the bank lacks
    /// 400.00; of 999.00 that came for it, and no more, the books lack what made it less.</remarks>
    public static BankGap Of(long seenMinor, long laterMinor, long bookedMinor)
    {
        var gap = checked(seenMinor - bookedMinor);
        var still = (seenMinor, bookedMinor) switch
        {
            (0, _) => bookedMinor,
            (_, 0) => 0,
            _ when Math.Sign(gap) == -Math.Sign(laterMinor) =>
                Math.Sign(laterMinor) * Math.Min(Math.Abs(gap), Math.Abs(laterMinor)),
            _ => 0,
        };
        return new(checked(gap + still), still);
    }
}
