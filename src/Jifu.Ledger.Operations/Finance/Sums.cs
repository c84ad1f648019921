namespace Jifu.Ledger.Operations.Finance;

/// <summary>What the money columns of a file add up to, in minor units, for each currency in it.</summary>
/// <param name="names">The columns, in order, as the manifest names them.</param>
internal sealed class Sums(params string[] names)
{
    private readonly SortedDictionary<string, long[]> _totals = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names => names;

    public IEnumerable<string> Currencies => _totals.Keys;

    /// <summary>One value for each column, in order.</summary>
    public void Add(string currency, params ReadOnlySpan<long> values)
    {
        if (!_totals.TryGetValue(currency, out var totals))
            _totals.Add(currency, totals = new long[names.Length]);
        if (values.Length != totals.Length)
            throw new ArgumentException($"{values.Length} values for {totals.Length} columns.", nameof(values));
        for (var i = 0; i < totals.Length; i++)
            totals[i] = checked(totals[i] + values[i]);
    }

    /// <summary>A column's sum; zero for a currency that the file does not hold.</summary>
    public long Of(string currency, string name) =>
        _totals.TryGetValue(currency, out var totals) ? totals[Array.IndexOf(names, name)] : 0;
}
