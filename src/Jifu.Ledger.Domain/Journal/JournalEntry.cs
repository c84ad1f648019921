namespace Jifu.Ledger.Journal;

/// <summary>One side of an entry: a positive amount debits (借) the account, a negative one credits (贷) it.</summary>
public readonly record struct JournalLine(Account Account, Money Amount)
{
    public override string ToString() =>
        Amount.MinorUnits >= 0 ? $"Dr {Account} {Amount}" : $"Cr {Account} {-Amount}";
}

/// <summary>A double entry (复式分录). It cannot be built unless debits and credits are equal in each currency.</summary>
public sealed class JournalEntry
{
    /// <exception cref="InvalidOperationException">The lines do not sum to zero, or one of them is zero.</exception>
    public JournalEntry(BusinessDay day, string rule, IReadOnlyList<JournalLine> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        for (var i = 0; i < lines.Count; i++)
        {
            var line = lines[i];
            if (line.Amount.IsZero)
                throw new InvalidOperationException($"{rule}: a line of nothing says nothing.");
            var sum = Sum(lines, line.Amount.Currency);
            if (!sum.IsZero)
                throw new InvalidOperationException($"{rule} is out of balance by {sum}: {string.Join("; ", lines)}.");
        }

        (Day, Rule, Lines) = (day, rule, lines);
    }

    /// <summary>The business day on which it counts.</summary>
    public BusinessDay Day { get; }

    /// <summary>The posting rule that made it.</summary>
    public string Rule { get; }

    public IReadOnlyList<JournalLine> Lines { get; }

    private static Money Sum(IReadOnlyList<JournalLine> lines, Currency currency)
    {
        var sum = Money.Zero(currency);
        for (var i = 0; i < lines.Count; i++)
        {
            if (lines[i].Amount.Currency == currency)
                sum += lines[i].Amount;
        }

        return sum;
    }

    public override string ToString() => $"{Day} {Rule}: {string.Join("; ", Lines)}";
}
