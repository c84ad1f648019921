using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>What the whole log was at one moment: one line of hashes stands for every event up to a position.</summary>
/// <param name="Log">Which log.</param>
/// <param name="Position">Of the last event that it covers.</param>
/// <param name="Link">That event's link, hexadecimal: through the chain it stands for all before it.</param>
/// <param name="Batches">How many batches end at or before the position.</param>
/// <param name="Root">Of the tree over the roots of those batches, hexadecimal: by it one event is proved without the
/// others.</param>
/// <param name="At">When it was taken, to the second.</param>
/// <param name="Reason"><c>schedule</c>, <c>day_close yyyy-MM-dd</c>, <c>export</c> or <c>manual</c>.</param>
public sealed record Checkpoint(
    Guid Log, long Position, string Link, long Batches, string Root, DateTimeOffset At, string Reason)
{
    internal const string Heading = "jifu checkpoint v1";
    internal const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>What is signed: these lines, each ended by a line feed, in UTF-8.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"""
        {Heading}
        log: {Log:D}
        position: {Position}
        link: {Link}
        batches: {Batches}
        root: {Root}
        at: {At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}
        reason: {Reason}

        """).ReplaceLineEndings("\n");

    /// <summary>Reads the lines back. Only the very text that <see cref="ToString"/> writes is one.</summary>
    internal static Checkpoint? TryParse(string text)
    {
        var lines = text.Split('\n');
        if (lines.Length != 9 || lines[0] != Heading)
            return null;
        string? Value(int line, string name) => lines[line].StartsWith(name, StringComparison.Ordinal)
            ? lines[line][name.Length..]
            : null;
        string? Hash(int line, string name) => Value(line, name) is { Length: 64 } hash
            && hash.All(char.IsAsciiHexDigitLower) ? hash : null;
        var culture = CultureInfo.InvariantCulture;
        if (!Guid.TryParseExact(Value(1, "log: "), "D", out var log)
            || !long.TryParse(Value(2, "position: "), NumberStyles.None, culture, out var position)
            || Hash(3, "link: ") is not { } link
            || !long.TryParse(Value(4, "batches: "), NumberStyles.None, culture, out var batches)
            || Hash(5, "root: ") is not { } root
            || !DateTimeOffset.TryParseExact(
                Value(6, "at: "), TimeFormat, culture, DateTimeStyles.AssumeUniversal, out var at)
            || Value(7, "reason: ") is not { } reason)
            return null;
        var read = new Checkpoint(log, position, link, batches, root, at, reason);
        return read.ToString() == text ? read : null;
    }
}

/// <summary>A checkpoint with its signature. As text it can be printed, sent and typed in again.</summary>
/// <param name="KeyId">Names the key: <see cref="EvidenceKey.Id"/>.</param>
public sealed record SignedCheckpoint(Checkpoint Checkpoint, string KeyId, string Algorithm, byte[] Signature)
{
    /// <summary>The signed lines, then key, algorithm and signature.</summary>
    public override string ToString() =>
        $"{Checkpoint}key: {KeyId}\nalgorithm: {Algorithm}\nsignature: {Convert.ToBase64String(Signature)}\n";

    /// <summary>True when the key made the signature.</summary>
    public bool IsSignedBy(EvidenceKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Id == KeyId && key.Algorithm == Algorithm
            && key.Verifies(Encoding.UTF8.GetBytes(Checkpoint.ToString()), Signature);
    }

    /// <summary>Reads a file of checkpoints as a person has it: copied together, with a byte order mark or Windows'
    /// ends of lines.</summary>
    /// <exception cref="FormatException">It is not in UTF-8, it holds none, or some line is not as it would have been
    /// written.</exception>
    public static IReadOnlyList<SignedCheckpoint> ReadFile(ReadOnlySpan<byte> bytes)
    {
        if (!Utf8.IsValid(bytes))
            throw new FormatException("It is not in UTF-8.");
        // A copy that failed must not pass for one that was compared.
        var text = Encoding.UTF8.GetString(bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[3..] : bytes);
        return ParseAll(text.Replace("\r\n", "\n", StringComparison.Ordinal)) is [_, ..] read
            ? read
            : throw new FormatException("There is no checkpoint in it.");
    }

    /// <summary>Reads any number of checkpoints. Each begins with its first line, so it does not matter whether empty
    /// lines stand between two.</summary>
    /// <exception cref="FormatException">Some line is not as it would have been written.</exception>
    public static IReadOnlyList<SignedCheckpoint> ParseAll(string text) => [.. ReadAll(new StringReader(text))];

    /// <summary>Reads them one at a time, of a text of any length.</summary>
    /// <exception cref="FormatException">As above.</exception>
    internal static IEnumerable<SignedCheckpoint> ReadAll(TextReader reader)
    {
        var text = new StringBuilder();
        foreach (var line in Lines(reader))
        {
            if (text.Length > 0 && line is ("" or Checkpoint.Heading))
            {
                yield return Parse(text.ToString());
                text.Clear();
            }

            if (line.Length > 0)
                text.Append(line).Append('\n');
            MustNotBeLonger(text);
        }

        if (text.Length > 0)
            yield return Parse(text.ToString());
    }

    // A line ends with LF and with nothing else, and no line makes us keep more of it than a checkpoint has.
    private static IEnumerable<string> Lines(TextReader reader)
    {
        var line = new StringBuilder();
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            if (next == '\n')
            {
                yield return line.ToString();
                line.Clear();
            }
            else
                MustNotBeLonger(line.Append((char)next));
        }

        if (line.Length > 0)
            yield return line.ToString();
    }

    private static void MustNotBeLonger(StringBuilder text)
    {
        const int LengthMax = 4096;
        if (text.Length > LengthMax)
            throw new FormatException($"A checkpoint is not longer than {LengthMax} letters.");
    }

    private static SignedCheckpoint Parse(string text)
    {
        var end = text.IndexOf("\nkey: ", StringComparison.Ordinal) + 1;
        var lines = end > 0 ? text[end..].Split('\n') : [];
        if (lines.Length == 4 && Checkpoint.TryParse(text[..end]) is { } checkpoint
            && lines[1].StartsWith("algorithm: ", StringComparison.Ordinal)
            && lines[2].StartsWith("signature: ", StringComparison.Ordinal))
        {
            var signature = new byte[1024];
            if (Convert.TryFromBase64String(lines[2]["signature: ".Length..], signature, out var length))
            {
                var read = new SignedCheckpoint(
                    checkpoint, lines[0]["key: ".Length..], lines[1]["algorithm: ".Length..], signature[..length]);
                if (read.ToString() == text)
                    return read;
            }
        }

        throw new FormatException($"This is no checkpoint: {(text.Length > 60 ? text[..60] : text).Trim()} …");
    }
}
