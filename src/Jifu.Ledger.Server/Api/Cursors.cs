using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Jifu.Ledger.Server.Api.Payments;
using Jifu.Ledger.Server.Api.Problems;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.WebUtilities;

namespace Jifu.Ledger.Server.Api;

/// <summary>Where a page of a list ended, as an opaque text that nobody can make up: it is bound to whoever asked and
/// to what for.</summary>
internal sealed class Cursors(HomeFolder home)
{
    private const int MacBytes = 12;

    private readonly byte[] _key = HMACSHA256.HashData(home.MasterKey(), "cursors"u8);

    /// <summary>One page of a list, and the cursor of the next when there is more.</summary>
    /// <param name="limit">How many are asked for, 1 to 200; null for 50.</param>
    /// <param name="bound">Who asks and what for: a cursor holds for nothing else.</param>
    /// <param name="start">The position that the first page comes after, in the order of the list.</param>
    /// <param name="read">Reads so many rows after a position.</param>
    public async Task<IResult> Page<TRow, TItem>(
        int? limit, string? cursor, string bound, long start, Func<long, int, Task<IReadOnlyList<TRow>>> read,
        Func<TRow, long> positionOf, Func<TRow, TItem> show)
    {
        var count = limit ?? 50;
        if (count is < 1 or > 200)
            return new Problem("parameter_invalid", "limit lies between 1 and 200.");
        if ((cursor is null ? start : Read(cursor, bound)) is not { } after)
            return new Problem("cursor_invalid", "Give back next_cursor as it came, with the same filter.");

        // One more than asked for tells whether there is a next page.
        var rows = await read(after, count + 1);
        var page = rows.Take(count).ToList();
        return Results.Ok(new Page<TItem>(
            [.. page.Select(show)], rows.Count > count ? Write(positionOf(page[^1]), bound) : null));
    }

    /// <summary>The cursor of a page that ended at a position.</summary>
    public string Write(long position, string bound)
    {
        var text = new byte[sizeof(long) + MacBytes];
        BinaryPrimitives.WriteInt64BigEndian(text, position);
        Mac(position, bound).CopyTo(text.AsSpan(sizeof(long)));
        return WebEncoders.Base64UrlEncode(text);
    }

    /// <summary>A cursor of two positions.</summary>
    public string Write((long First, long Second) pair, string bound) =>
        $"{Write(pair.First, bound)}.{Write(pair.Second, $"{pair.First} {bound}")}";

    /// <summary>The two positions in a cursor; null when it is not genuine.</summary>
    public (long, long)? ReadPair(string cursor, string bound) => cursor.Split('.') is [var one, var other]
        && Read(one, bound) is { } first && Read(other, $"{first} {bound}") is { } second ? (first, second) : null;

    /// <summary>The position in a cursor; null when it is not genuine.</summary>
    public long? Read(string cursor, string bound)
    {
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
