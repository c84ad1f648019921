using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>Adds up what events post, by account and currency.</summary>
internal sealed class Books
{
    private readonly SortedDictionary<(string Account, Currency Currency), Money> _sums = [];

    public bool IsEmpty => _sums.Count == 0;

    public IEnumerable<(string Account, Money Balance)> Balances =>
        _sums.Select(sum => (sum.Key.Account, sum.Value));

    /// <summary>Each account as a debit or credit balance, those at zero too.</summary>
    public IEnumerable<string> Told => _sums.Select(sum => sum.Value.MinorUnits switch
    {
        0 => $"   {sum.Key.Account} {sum.Value}",
        > 0 => $"Dr {sum.Key.Account} {sum.Value}",
        _ => $"Cr {sum.Key.Account} {-sum.Value}",
    });

    /// <summary>Those that are not at zero.</summary>
    public IEnumerable<string> Open => _sums.Where(sum => !sum.Value.IsZero).Select(sum => $"{sum.Key} {sum.Value}");

    public JournalEntry? Post(object @event)
    {
        var entry = PostingRules.EntryFor(@event);
        foreach (var line in entry?.Lines ?? [])
        {
            var key = ($"{line.Account}", line.Amount.Currency);
            _sums[key] = _sums.GetValueOrDefault(key, Money.Zero(line.Amount.Currency)) + line.Amount;
        }

        return entry;
    }

    /// <summary>Debits are positive, credits negative; zero when nothing was posted.</summary>
    public Money BalanceOf(Account account, Currency currency) =>
        _sums.GetValueOrDefault(($"{account}", currency), Money.Zero(currency));
}
