using System.Text;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Texts in bytes that are most often what the one before was.</summary>
internal static class SameText
{
    /// <summary>True when a text of ASCII says the same; others may be taken for different.</summary>
    public static bool Is(ReadOnlySpan<byte> bytes, string text) => Ascii.Equals(bytes, text);

    public static string Of(ReadOnlySpan<byte> bytes) => bytes.IsEmpty ? "" : Encoding.UTF8.GetString(bytes);
}
