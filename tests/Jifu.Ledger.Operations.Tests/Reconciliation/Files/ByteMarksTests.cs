using System.Text;
using System.Text.Unicode;
using Jifu.Ledger.Operations.Reconciliation.Files;

namespace Jifu.Ledger.Operations.Tests.Reconciliation.Files;

/// <summary>What is found 64 bytes at a time is what is found byte by byte.</summary>
public class ByteMarksTests
{
    private const int Before = 64, Behind = 128;

    // Of each kind of byte one, and those at the borders of what may follow what.
    private static readonly byte[] Thirds = [0x0A, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC2, 0xEF];

    private static readonly string[] Pieces =
    [
        "咖啡", "，", "（大杯）", "é", "😀", "\uFEFF", "\uFFFD", "\u0800", "\uD7FF", "\uE000", "`", ",`", ",", "\"", "\r\n",
        "\n", "\r", "\t", "\u007F", "\u0001", "JF20261120", "0.00", "SUCCESS",
    ];

    [Fact]
    public void Whatever_two_bytes_a_text_is_UTF_8_for_it_as_for_the_library()
    {
        var buffer = new byte[Before + 192 + Behind];
        var marks = new int[192 + Behind];
        for (var pair = 0; pair < 65_536; pair++)
        {
            foreach (var third in Thirds)
            {
                // They begin anywhere around the end of a block; the text ends as all do.
                var at = Before + 58 + ((pair + third) % 8);
                var text = buffer.AsSpan(Before, 128);
                text.Fill((byte)'a');
                (buffer[at], buffer[at + 1], buffer[at + 2]) = ((byte)(pair >> 8), (byte)(pair & 0xFF), third);
                text[^1] = (byte)'\n';
                var found = ByteMarks.Find(ref buffer[Before], text.Length, ref marks[0], new((byte)',', 0));
                (found.Marks >= 0).ShouldBe(Utf8.IsValid(text), Convert.ToHexString(text[58..70]));
            }
        }
    }

    [Theory]
    [InlineData('`', ',')]
    [InlineData(',', '\0')]
    public void Any_text_has_the_marks_that_a_byte_by_byte_search_finds(char separator, char lead)
    {
        var random = new Random(20_261_122);
        for (var round = 0; round < 20_000; round++)
        {
            var text = Text(random);
            var buffer = new byte[Before + text.Length + Behind];
            random.NextBytes(buffer);
            text.CopyTo(buffer, Before);
            var marks = new int[text.Length + Behind];
            var found = ByteMarks.Find(
                ref buffer[Before], text.Length, ref marks[0], new((byte)separator, (byte)lead));
            var expected = Expected(text, (byte)separator, (byte)lead);
            var said = $"{Convert.ToHexString(text)}";
            (found.Marks >= 0).ShouldBe(Utf8.IsValid(text), said);
            found.Lines.ShouldBe(text.Count((byte)'\n'), said);
            found.IsOdd.ShouldBe(IsOdd(text), said);
            found.HasQuotes.ShouldBe(text.Contains((byte)'"'), said);
            if (found.Marks >= 0)
                marks.Take(found.Marks).ShouldBe(expected, customMessage: said);
        }
    }

    private static byte[] Text(Random random)
    {
        var text = new List<byte>();
        while (random.Next(60) > 0)
            text.AddRange(Encoding.UTF8.GetBytes(random.GetItems(Pieces[^random.Next(1, Pieces.Length + 1)..], 1)[0]));
        // Bytes are lost, or come from nowhere.
        if (text.Count > 0 && random.Next(3) == 0)
            text.RemoveAt(random.Next(text.Count));
        if (random.Next(3) == 0)
            text.Insert(random.Next(text.Count + 1), (byte)random.Next(256));
        return [.. text, (byte)'\n'];
    }

    private static List<int> Expected(byte[] text, byte separator, byte lead) =>
    [
        .. Enumerable.Range(0, text.Length).Where(at => text[at] == '\n' || (text[at] == separator
            && (lead == 0 || at == 0 || text[at - 1] == lead || text[at - 1] == '\n'))),
    ];

    private static bool IsOdd(byte[] text) =>
        text.Any(each => each is < 0x20 and not ((byte)'\t' or (byte)'\r' or (byte)'\n') or 0x7F)
        || Enumerable.Range(0, text.Length - 1).Any(at => text[at] == '\r' && text[at + 1] != '\n')
        || text.AsSpan().IndexOf("\uFEFF"u8) >= 0 || text.AsSpan().IndexOf("\uFFFD"u8) >= 0;
}
