using System.Globalization;
using System.Text;

namespace Jifu.Ledger.EventLog.EventStoreDb.Grpc;

/// <summary>How text and bytes stand in the headers and trailers of a call.</summary>
public static class GrpcText
{
    public const string ContentType = "application/grpc";
    public const string StatusHeader = "grpc-status";
    public const string MessageHeader = "grpc-message";
    public const string TimeoutHeader = "grpc-timeout";

    /// <summary>Names of headers that end so hold bytes as base64.</summary>
    public const string BinarySuffix = "-bin";

    private const int TimeoutDigitsMax = 8;

    /// <summary>For <c>grpc-message</c>: UTF-8 in which all but printable ASCII, and the percent sign, is
    /// percent-encoded.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder();
        foreach (var one in Encoding.UTF8.GetBytes(text))
            if (one is >= 0x20 and <= 0x7e and not (byte)'%')
                encoded.Append((char)one);
            else
                encoded.Append(CultureInfo.InvariantCulture, $"%{one:X2}");
        return encoded.ToString();
    }

    /// <summary>Reads a <c>grpc-message</c>. What is wrongly encoded stays as it stands: never lose an error's
    /// text.</summary>
    public static string Decode(string encoded)
    {
        ArgumentNullException.ThrowIfNull(encoded);
        var bytes = new List<byte>(encoded.Length);
        for (var i = 0; i < encoded.Length; i++)
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(
                    encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
                    out var one))
            {
                bytes.Add(one);
                i += 2;
            }
            else
                bytes.AddRange(Encoding.UTF8.GetBytes(encoded, i, 1));
        return Encoding.UTF8.GetString([.. bytes]);
    }

    /// <summary>For a header whose name ends in <see cref="BinarySuffix"/>: base64 without padding.</summary>
    public static string EncodeBytes(ReadOnlySpan<byte> bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    /// <summary>Reads such a header, padded or not.</summary>
    /// <exception cref="FormatException">It is no base64.</exception>
    public static byte[] DecodeBytes(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Convert.FromBase64String(text.TrimEnd('=') + new string('=', (4 - (text.TrimEnd('=').Length % 4)) % 4));
    }

    /// <summary>For <c>grpc-timeout</c>: how long the call may take from now, rounded up to what eight digits
    /// hold.</summary>
    public static string EncodeTimeout(TimeSpan timeout)
    {
        var left = timeout < TimeSpan.Zero ? TimeSpan.Zero : timeout;
        (string Unit, double Count)[] units =
        [
            ("u", left.TotalMicroseconds), ("m", left.TotalMilliseconds), ("S", left.TotalSeconds),
            ("M", left.TotalMinutes), ("H", left.TotalHours),
        ];
        var (unit, count) = units.First(it => Math.Ceiling(it.Count) < Math.Pow(10, TimeoutDigitsMax));
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(count):0}{unit}");
    }

    /// <summary>Reads a <c>grpc-timeout</c>; null when it is none.</summary>
    public static TimeSpan? DecodeTimeout(string? text)
    {
        if (text is null or { Length: < 2 or > TimeoutDigitsMax + 1 }
            || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var count))
            return null;
        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(count),
            'M' => TimeSpan.FromMinutes(count),
            'S' => TimeSpan.FromSeconds(count),
            'm' => TimeSpan.FromMilliseconds(count),
            'u' => TimeSpan.FromMicroseconds(count),
            'n' => TimeSpan.FromTicks(count / 100),
            _ => null,
        };
    }
}
