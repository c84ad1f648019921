using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.WebUtilities;

namespace Jifu.Ledger.Server.Api;

/// <summary>Where a page of a list ended, as an opaque text that nobody can make up: it is bound to whoever asked and
/// to
/// what for.</summary>
internal sealed class Cursors(HomeFolder home)
{
    private const int MacBytes = 12;

    private readonly byte[] _key = HMACSHA256.HashData(home.MasterKey(), "cursors"u8);

    public string Write(long position, string bound)
    {
        var text = new byte[sizeof(long) + MacBytes];
        BinaryPrimitives.WriteInt64BigEndian(text, position);
        Mac(position, bound).CopyTo(text.AsSpan(sizeof(long)));
        return WebEncoders.Base64UrlEncode(text);
    }

    /// <summary>The position in a cursor; the end of all positions when there is none; null when it is not
    /// genuine.</summary>
    public long? Read(string? cursor, string bound)
    {
        if (cursor is null)
            return long.MaxValue;
        var text = new byte[sizeof(long) + MacBytes];
        try
        {
            if (cursor.Length > 64 || WebEncoders.Base64UrlDecode(cursor) is not { } read || read.Length != text.Length)
                return null;
            text = read;
        }
        catch (FormatException)
        {
            return null;
        }

        var position = BinaryPrimitives.ReadInt64BigEndian(text);
        return CryptographicOperations.FixedTimeEquals(text.AsSpan(sizeof(long)), Mac(position, bound))
            ? position
            : null;
    }

    private byte[] Mac(long position, string bound) =>
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{position} {bound}"))[..MacBytes];
}
