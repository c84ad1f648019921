namespace Jifu.Ledger.Reconciliation;

/// <summary>What both sides know a line by: its kind and number, <c>payment:p17</c>.</summary>
public static class LineKey
{
    public static string Of(BillLineKind kind, string number) => $"{kind.Name()}:{number}";

    /// <summary>The kind as it stands in a key; empty when there is none.</summary>
    public static string KindIn(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[..Math.Max(0, key.IndexOf(':', StringComparison.Ordinal))];
    }

    /// <summary>The number in a key; all of it when there is no kind.</summary>
    public static string NumberIn(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];
    }
}
