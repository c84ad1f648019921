using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Jifu.Ledger.Channels.Sandbox;

/// <summary>How both sides of the sandbox channel sign: HMAC-SHA256 over lines that each end in a line feed.</summary>
internal static partial class SandboxSignature
{
    public const string Scheme = "SANDBOX-HMAC-SHA256";

    /// <summary>How far a signature's time may lie from the system clock, in either direction.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>What goes behind <see cref="Scheme"/> in a request's Authorization header.</summary>
    public static string ForRequest(
        string secret, string method, string pathAndQuery, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (timestamp, nonce) = (Timestamp(now), Nonce());
        var signature = Sign(secret, $"{method}\n{pathAndQuery}\n{timestamp}\n{nonce}\n", body);
        return $"ts=\"{timestamp}\",nonce=\"{nonce}\",signature=\"{signature}\"";
    }

    /// <summary>True when a request's Authorization header is by the holder of the secret, and recent.</summary>
    public static bool IsGenuineRequest(
        string secret, string? authorization, string method, string pathAndQuery, ReadOnlySpan<byte> body,
        DateTimeOffset now)
    {
        var parts = Authorization.Match(authorization ?? "");
        if (!parts.Success)
            return false;
        var (timestamp, nonce) = (parts.Groups["ts"].Value, parts.Groups["nonce"].Value);
        return IsRecent(timestamp, now) && IsSame(
            parts.Groups["signature"].Value, Sign(secret, $"{method}\n{pathAndQuery}\n{timestamp}\n{nonce}\n", body));
    }

    /// <summary>The three values of a notice's signature headers.</summary>
    public static (string Timestamp, string Nonce, string Signature) ForNotice(
        string secret, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var (timestamp, nonce) = (Timestamp(now), Nonce());
        return (timestamp, nonce, Sign(secret, $"{timestamp}\n{nonce}\n", body));
    }

    public static bool IsGenuineNotice(
        string secret, string timestamp, string nonce, string signature, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        IsRecent(timestamp, now) && IsSame(signature, Sign(secret, $"{timestamp}\n{nonce}\n", body));

    internal static string Sign(string secret, string head, ReadOnlySpan<byte> body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hmac.AppendData(Encoding.UTF8.GetBytes(head));
        hmac.AppendData(body);
        hmac.AppendData("\n"u8);
        return Convert.ToBase64String(hmac.GetHashAndReset());
    }

    // The nonce ends where the quote does, so no value can spill into the next line of what is signed.
    [GeneratedRegex("^" + Scheme + " "
        + """ts="(?<ts>[0-9]{1,12})",nonce="(?<nonce>[0-9A-Za-z]{16,64})",signature="(?<signature>[^"]+)"$""")]
    private static partial Regex Authorization { get; }

    private static string Timestamp(DateTimeOffset now) =>
        now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static string Nonce() => RandomNumberGenerator.GetHexString(32);

    private static bool IsRecent(string timestamp, DateTimeOffset now) =>
        timestamp.Length <= 12
        && long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - seconds) <= Window.TotalSeconds;

    private static bool IsSame(string given, string expected) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(expected));
}
