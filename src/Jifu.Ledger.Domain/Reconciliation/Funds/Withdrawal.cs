namespace Jifu.Ledger.Reconciliation.Funds;

/// <summary>Money on its way between an account of ours with a channel and our bank, as the fund flow tells it: to the
/// bank (提现), or from there (充值).</summary>
/// <param name="Number">What it is known by among its day's: the channel's number of the movement.</param>
/// <param name="Reference">The channel's number of what it was for; empty when it tells none.</param>
/// <param name="Amount">As the bank should have it: positive comes in there.</param>
/// <param name="Business">What it was for, in the channel's words.</param>
public sealed record Withdrawal(string Number, string Reference, Money Amount, string Business)
{
    // What comes from our bank; all other words are of what goes there.
    private const string TopUp = "充值";

    // 转账到银行卡 is none of them: it pays anybody, and nothing in a fund flow says that the card is ours.
    private static readonly string[] Words = ["提现", "提款", "结算到银行", TopUp];

    /// <summary>An earlier one that did not get through is back where it came from (提现退回): the bank may have seen
    /// neither.</summary>
    public bool IsReturn => Amount.IsPositive == IsNamed(TopUp, Business);

    /// <summary>True when a movement is named so.</summary>
    public static bool IsOne(FundFlowLine row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return Words.Any(word => IsNamed(word, row.Business));
    }

    /// <param name="rows">Movements of a day that are withdrawals.</param>
    public static IEnumerable<Withdrawal> Of(IEnumerable<FundFlowLine> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in rows)
        {
            var nth = seen[row.Number] = seen.GetValueOrDefault(row.Number) + 1;
            yield return new(
                nth == 1 ? row.Number : FormattableString.Invariant($"{row.Number}.{nth}"), row.Reference,
                -row.Amount, row.Business);
        }
    }

    // What it costs (提现手续费) stays with the channel.
    private static bool IsNamed(string word, string business) =>
        business.IndexOf(word, StringComparison.Ordinal) is >= 0 and var at
        && !business.AsSpan(at + word.Length).Contains('费');
}
