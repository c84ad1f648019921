namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Amounts as differences say them: <c>CNY 2938.96</c>.</summary>
internal static class MoneyText
{
    /// <summary>In minor units; null when the text is no amount of this currency.</summary>
    public static long? MinorOf(string text, string currency) =>
        text.StartsWith($"{currency} ", StringComparison.Ordinal)
            ? Minor(text[(currency.Length + 1)..], currency)
            : null;

    /// <summary>The same of a text that need not name its currency.</summary>
    public static long? Minor(string text, string currency) =>
        OrderAmount.TryRead(text, currency == nameof(Currency.JPY) ? 0 : 2, exact: true, out var minor) ? minor : null;
}
