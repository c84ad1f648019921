using System.Text;
using Jifu.Ledger.Channels.Bills;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Says where a file stops being text. Whoever reads it decodes far ahead of its rows, so it is read once more
/// here, line by line.</summary>
internal static class BrokenText
{
    /// <summary>For a file of which both encodings were tried: where the one ends that came furthest.</summary>
    public static BillRejectedException InEither(string path, string fileName)
    {
        using var file = File.OpenRead(path);
        var both = new List<bool> { true, false }
            .ConvertAll(isUtf8 => Rejection(file, 0, fileName, isUtf8, "UTF-8 or GB18030"));
        return both.OrderBy(one => one.Line).ThenBy(one => one.Column).Last();
    }

    /// <param name="from">Where the text begins in the stream.</param>
    public static BillRejectedException In(Stream file, long from, string fileName, bool isUtf8) =>
        Rejection(file, from, fileName, isUtf8, isUtf8 ? "UTF-8" : "GB18030");

    private static BillRejectedException Rejection(
        Stream file, long from, string fileName, bool isUtf8, string expected)
    {
        file.Position = from;
        var encoding = SeparatedText.Strict(isUtf8);
        var number = 0;
        foreach (var line in Lines(file))
        {
            number++;
            if (Broken(encoding, line) is not { } at)
                continue;
            var before = encoding.GetString(line, 0, at.Index);
            var column = before.EnumerateRunes().Count() + (number == 1 && before is ['\uFEFF', ..] ? 0 : 1);
            var bytes = string.Join(' ', at.BytesUnknown!.Select(one => one.ToString("X2", null)));
            return new(
                BillRejection.BillNotUtf8, fileName, number, column,
                $"text in {expected}, not the byte{(at.BytesUnknown!.Length == 1 ? "" : "s")} {bytes}");
        }

        return new(BillRejection.BillNotUtf8, fileName, Math.Max(number, 1), 1, $"text in {expected}");
    }

    // What cannot be decoded is an exception, whoever asks.
    private static DecoderFallbackException? Broken(Encoding encoding, byte[] line)
    {
        try
        {
            encoding.GetCharCount(line);
            return null;
        }
        catch (DecoderFallbackException broken)
        {
            return broken;
        }
    }

    private static IEnumerable<byte[]> Lines(Stream file)
    {
        using var line = new MemoryStream();
        var buffer = new byte[65_536];
        for (var read = file.Read(buffer); read > 0; read = file.Read(buffer))
        {
            var start = 0;
            for (var end = Next(); end >= 0; end = Next())
            {
                line.Write(buffer, start, end - start + 1);
                start = end + 1;
                yield return line.ToArray();
                line.SetLength(0);
            }

            line.Write(buffer, start, read - start);

            int Next() => Array.IndexOf(buffer, (byte)'\n', start, read - start);
        }

        if (line.Length > 0)
            yield return line.ToArray();
    }
}
