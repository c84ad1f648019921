namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Text in GBK: characters of one byte, as in ASCII, and of two.</summary>
internal static class ByteGbk
{
    /// <summary>True when every character of the text has one byte or two; GB 18030 has some of four, too.</summary>
    /// <remarks>Second bytes of characters are never below 64: commas, quotes, TABs and line ends are what they seem.
    /// </remarks>
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        for (var at = text.IndexOfAnyInRange((byte)0x80, (byte)0xFF); at >= 0;)
        {
            // Most often one follows the other.
            for (; at < text.Length && text[at] >= 0x80; at += 2)
            {
                if (text[at] is 0x80 or 0xFF || at + 1 == text.Length || text[at + 1] is < 0x40 or 0x7F or 0xFF)
                    return false;
            }

            var next = at < text.Length ? text[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF) : -1;
            at = next < 0 ? -1 : at + next;
        }

        return true;
    }
}
