using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Splits;

/// <summary>What a split rule's value counts.</summary>
public enum SplitBasis
{
    /// <summary>Minor units of the payment's currency, whatever the payment's amount.</summary>
    Amount,

    /// <summary>Parts per million of the payment's amount, rounded down: see <see cref="Split.Plan"/> for the
    /// remainder.</summary>
    Rate,
}

/// <summary>A receiver's claim on a payment: a fixed amount, or a rate of it.</summary>
public sealed record SplitRule(ReceiverId Receiver, SplitBasis Basis, long Value)
{
    public override string ToString() => Basis == SplitBasis.Amount
        ? $"{Receiver}: {Value} fixed"
        : FormattableString.Invariant($"{Receiver}: {Value} ppm");
}

/// <summary>What one receiver gets of a payment, or gives back of it.</summary>
public sealed record SplitShare(ReceiverId Receiver, Money Amount)
{
    public override string ToString() => $"{Receiver}: {Amount}";
}

/// <summary>Why a split was not made.</summary>
public enum SplitRejection
{
    SplitHasNoReceivers,
    SplitReceiverRepeated,
    SplitAmountNotPositive,
    SplitRateOutOfRange,
    SplitExceedsPayment,
}

/// <summary>Splits (分账): who gets what of a payment, to the fen.</summary>
public static class Split
{
    /// <summary>
    /// Turns rules into shares. Fixed amounts are taken as they stand; a rate is taken of the payment's whole amount
    /// and
    /// rounded <b>down</b>. The merchant keeps what is left: the remainder of every rounding falls to the merchant, so
    /// shares and the merchant's part always add up to the payment.
    /// </summary>
    /// <param name="rules">One for each receiver.</param>
    /// <param name="amount">The payment's amount, of which rates are taken.</param>
    /// <param name="available">What may be given away: the amount less fee, earlier splits and refunds.</param>
    /// <param name="rejection">The rule that forbids the split; null when shares are returned.</param>
    public static ValueList<SplitShare> Plan(
        IReadOnlyList<SplitRule> rules, Money amount, Money available, out SplitRejection? rejection)
    {
        rejection = Refusal(rules);
        if (rejection is not null)
            return [];

        // A share that rounds down to nothing is no share.
        var shares = rules.Select(rule => ShareOf(rule, amount)).Where(share => share.Amount.IsPositive).ToValueList();
        if (Total(shares, amount.Currency) > available)
            rejection = SplitRejection.SplitExceedsPayment;
        return rejection is null ? shares : [];
    }

    public static Money Total(IEnumerable<SplitShare> shares, Currency currency) =>
        shares.Aggregate(Money.Zero(currency), (sum, share) => sum + share.Amount);

    private static SplitRejection? Refusal(IReadOnlyList<SplitRule> rules)
    {
        if (rules.Count == 0)
            return SplitRejection.SplitHasNoReceivers;
        if (rules.DistinctBy(rule => rule.Receiver).Count() < rules.Count)
            return SplitRejection.SplitReceiverRepeated;
        if (rules.Any(rule => rule is { Basis: SplitBasis.Amount, Value: <= 0 or > Money.LargestMinorUnits }))
            return SplitRejection.SplitAmountNotPositive;
        return rules.Any(rule => rule is { Basis: SplitBasis.Rate, Value: <= 0 or > Rate.Whole })
            ? SplitRejection.SplitRateOutOfRange
            : null;
    }

    private static SplitShare ShareOf(SplitRule rule, Money amount) => new(rule.Receiver, amount with
    {
        MinorUnits = rule.Basis == SplitBasis.Amount ? rule.Value : RoundedDown(amount.MinorUnits, rule.Value),
    });

    private static long RoundedDown(long minorUnits, long partsPerMillion) =>
        checked((long)((Int128)minorUnits * partsPerMillion / Rate.Whole));
}
