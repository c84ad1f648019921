using System.Text;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>How exports of people's systems are written: their characters, and what stands between cells.</summary>
internal static class SeparatedText
{
    /// <summary>What may stand between cells, the most usual first.</summary>
    public static readonly char[] Separators = [',', '\t', ';', '|'];

    /// <summary>UTF-8 or GB 18030; either throws at what is none.</summary>
    public static Encoding Strict(bool isUtf8) => isUtf8
        ? new UTF8Encoding(false, throwOnInvalidBytes: true)
        : CodePagesEncodingProvider.Instance.GetEncoding(
            "gb18030", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)!;

    /// <summary>Whether it is UTF-8: text in Chinese is that or GB 18030, never both.</summary>
    /// <param name="isWhole">False for a file's beginning, of which the last line may be cut in a character.</param>
    public static bool IsUtf8(ReadOnlySpan<byte> text, bool isWhole) =>
        Utf8.IsValid(isWhole ? text : text[..(text.LastIndexOf((byte)'\n') + 1)]);
}
