using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Reconciliation.Statements;

/// <summary>Why an explanation of bank lines is worth a second look before another person approves it. It forbids
/// nothing: large fees and large interest exist.</summary>
/// <param name="Code">The reason's stable name.</param>
/// <param name="Reason">The same for finance, in Chinese.</param>
public sealed record ExplanationDoubt(string Code, string Reason)
{
    // In yuan's minor unit: what banks charge at once, and pay for a quarter, is seldom more.
    private const long FeeMax = 1_000_00;
    private const long ResultMax = 10_000_00;
    private const long InterestMax = 100_000_00;

    // What is kept of a movement: more than a hundredth is no usual fee, but for small movements.
    private const long OfMovementMin = 10_00;
    private const long Share = 100;

    /// <summary>Whether money that moved so cannot be that: a fee leaves the account, interest comes in. What was given
    /// back is told together with what it takes back.</summary>
    public static bool Contradicts(Account account, Money amount) => account.Kind switch
    {
        AccountKind.BankFee => amount.MinorUnits > 0,
        AccountKind.BankInterest => amount.MinorUnits < 0,
        _ => false,
    };

    /// <param name="amount">What goes to the account.</param>
    /// <param name="movementsMinor">What the lines are besides; zero when they are nothing that was expected.</param>
    /// <param name="linesMinor">What each line moved: large ones that go both ways may leave little together.</param>
    /// <returns>Null when there is none.</returns>
    public static ExplanationDoubt? About(
        Account account, Money amount, long movementsMinor, IReadOnlyCollection<long> linesMinor)
    {
        ArgumentNullException.ThrowIfNull(linesMinor);
        var (much, of) = (Math.Abs(amount.MinorUnits), Math.Abs(movementsMinor));
        if (of > 0 && much > OfMovementMin && much > of / Share)
            return new("much_of_the_movement", "差额超过所对款项的 1%：核对是否确属该科目");
        if (of == 0 && Large(account, much) is { } large)
            return large;

        // A line that goes the movement's way is the movement, as far as others do not take it back.
        return linesMinor.Any(line => Math.Sign(line) != Math.Sign(movementsMinor)
            && Large(account, Math.Abs(line)) is not null)
            ? new("lines_level_each_other", "合计不大，但其中有单笔超过该科目的限额：逐笔核对银行回单")
            : null;
    }

    private static ExplanationDoubt? Large(Account account, long much) =>
        account.Kind switch
        {
            AccountKind.BankFee when much > FeeMax => new("fee_is_large", "手续费超过 1,000 元：核对银行回单"),
            AccountKind.BankInterest when much > InterestMax => new("interest_is_large", "利息超过 100,000 元：核对银行回单"),
            AccountKind.ChannelCost or AccountKind.DifferenceResult when much > ResultMax => new(
                "result_is_large", "计入损益的金额超过 10,000 元：核对依据"),
            _ => null,
        };
}
