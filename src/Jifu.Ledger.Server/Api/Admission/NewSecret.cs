using System.Security.Cryptography;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Makes secrets of letters and digits alone, in Base64: they stand in a connection string, an address or a
/// shell as they are. Some clients do not decode what was escaped there.</summary>
internal static class NewSecret
{
    // A multiple of three, so that no = follows; one in four has neither of the two other marks.
    private const int Bytes = 33;

    public static byte[] Make()
    {
        while (true)
        {
            var secret = RandomNumberGenerator.GetBytes(Bytes);
            if (Convert.ToBase64String(secret).AsSpan().IndexOfAny('+', '/') < 0)
                return secret;
        }
    }
}
