using System.Globalization;
using System.Text.RegularExpressions;
using Jifu.Ledger.Merchants;

namespace Jifu.Ledger.Operations.Signing;

/// <summary>What stands in the <c>Authorization</c> header of a signed request:
/// <c>JIFU1-HMAC-SHA256 key_id="..",ts="..",nonce="..",signature=".."</c>.</summary>
/// <param name="Algorithm">How it was signed; the scheme's name says it.</param>
/// <param name="KeyId">Whose key signed.</param>
/// <param name="UnixSeconds">When, by the signer's clock.</param>
/// <param name="Nonce">Once only: 16 to 64 letters, digits, hyphens or underscores.</param>
/// <param name="Signature">The signature's bytes; Base64 in the header.</param>
public sealed partial record SignedHeader(
    KeyAlgorithm Algorithm, string KeyId, long UnixSeconds, string Nonce, ReadOnlyMemory<byte> Signature)
{
    public const string RsaScheme = "JIFU1-RSA-SHA256";
    public const string HmacScheme = "JIFU1-HMAC-SHA256";

    /// <summary>Reads a header's value; false when a part is missing, twice there or of the wrong form.</summary>
    public static bool TryParse(string text, out SignedHeader header)
    {
        header = new(KeyAlgorithm.None, "", 0, "", default);
        var match = Form.Match(text);
        if (!match.Success)
            return false;
        var parts = match.Groups["name"].Captures.Select(name => name.Value)
            .Zip(match.Groups["value"].Captures.Select(value => value.Value))
            .DistinctBy(part => part.First).ToDictionary(part => part.First, part => part.Second);
        var signature = new byte[1024];
        if (parts.Count != 4 || !KeyIdForm.IsMatch(parts["key_id"]) || !NonceForm.IsMatch(parts["nonce"])
            || !long.TryParse(parts["ts"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || !Convert.TryFromBase64String(parts["signature"], signature, out var length) || length == 0)
            return false;
        var algorithm = match.Groups["scheme"].Value == RsaScheme ? KeyAlgorithm.RsaSha256 : KeyAlgorithm.HmacSha256;
        header = new(algorithm, parts["key_id"], seconds, parts["nonce"], signature.AsMemory(0, length));
        return true;
    }

    public override string ToString()
    {
        var scheme = Algorithm == KeyAlgorithm.RsaSha256 ? RsaScheme : HmacScheme;
        var signature = Convert.ToBase64String(Signature.Span);
        return FormattableString.Invariant(
            $"{scheme} key_id=\"{KeyId}\",ts=\"{UnixSeconds}\",nonce=\"{Nonce}\",signature=\"{signature}\"");
    }

    [GeneratedRegex("""
        ^(?<scheme>JIFU1-(RSA|HMAC)-SHA256)[ ]+
        (?<name>key_id|ts|nonce|signature)="(?<value>[^"]*)"
        ([ ]*,[ ]*(?<name>key_id|ts|nonce|signature)="(?<value>[^"]*)"){3}$
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Form { get; }

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex KeyIdForm { get; }

    [GeneratedRegex("^[A-Za-z0-9_-]{16,64}$")]
    private static partial Regex NonceForm { get; }
}
