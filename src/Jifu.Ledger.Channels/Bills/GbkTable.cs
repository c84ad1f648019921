using System.Text;

namespace Jifu.Ledger.Channels.Bills;

/// <summary>GBK (code page 936) taken strictly: only what encodes back to the same bytes is text. Characters for
/// private use are none, since nobody else knows them.</summary>
internal static class GbkTable
{
    // What the table holds for bytes that are no character; NUL is none in a text either.
    private const char Invalid = '\0';

    private static readonly char[] Characters = Make();

    /// <summary>Decodes a line; false at the first bytes that are not GBK, with what stands before them decoded.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, Span<char> characters, out int written)
    {
        // Most of a line is ASCII.
        _ = Ascii.ToUtf16(bytes, characters, out written);
        if (characters[..written].IndexOf(Invalid) is >= 0 and var nul)
        {
            written = nul;
            return false;
        }

        for (var at = written; at < bytes.Length; at++)
        {
            var character = bytes[at] < 0x80 ? (char)bytes[at]
                : at + 1 < bytes.Length ? Characters[(bytes[at] << 8) | bytes[++at]]
                : Invalid;
            if (character == Invalid)
                return false;
            characters[written++] = character;
        }

        return true;
    }

    private static char[] Make()
    {
        var gbk = CodePagesEncodingProvider.Instance.GetEncoding(936)!;
        var table = new char[65_536];
        Span<byte> pair = stackalloc byte[2], again = stackalloc byte[4];
        Span<char> decoded = stackalloc char[4];
        for (var lead = 0x81; lead <= 0xFE; lead++)
        {
            for (var trail = 0x40; trail <= 0xFE; trail++)
            {
                (pair[0], pair[1]) = ((byte)lead, (byte)trail);
                if (gbk.GetChars(pair, decoded) == 1 && decoded[0] is >= '\x80' and not (>= '\uE000' and <= '\uF8FF')
                    && gbk.GetBytes(decoded[..1], again) == 2 && again[..2].SequenceEqual(pair))
                    table[(lead << 8) | trail] = decoded[0];
            }
        }

        return table;
    }
}
