using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.Funds;

/// <summary>Names that must never be forgotten, each with a number, in 24 bytes: a million of them are 24 MB.</summary>
/// <remarks>
/// Immutable, like every state. The newest few stand as they came; every <see cref="YoungMax"/> of them become a sorted
/// array, and arrays of about the same length become one, so that adding and finding cost the logarithm of what there
/// is.
/// </remarks>
public sealed record KnownNumbers
{
    private const int YoungMax = 16;
    private const int EntryBytes = 24;
    private const int ShortMax = 128;

    private UInt128[] _keys = [];
    private long[] _values = [];

    // The longest first; of equal keys the later array tells.
    private ImmutableList<Sorted> _old = [];

    /// <summary>The same in bytes, to be kept outside the log.</summary>
    public byte[] Packed
    {
        get => Pack();
        init => _old = value.Length == 0 ? [] : [Sorted.Of(value)];
    }

    /// <summary>What a name is kept under: the first half of its SHA-256.</summary>
    public static UInt128 KeyOf(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        Span<byte> text = name.Length <= ShortMax ? stackalloc byte[ShortMax * 3] : Encoding.UTF8.GetBytes(name);
        SHA256.HashData(name.Length <= ShortMax ? text[..Encoding.UTF8.GetBytes(name, text)] : text, hash);
        return BinaryPrimitives.ReadUInt128BigEndian(hash);
    }

    /// <summary>The number of a key; zero when there is none.</summary>
    public long Find(UInt128 key)
    {
        var young = Array.IndexOf(_keys, key);
        if (young >= 0)
            return _values[young];
        for (var i = _old.Count - 1; i >= 0; i--)
        {
            if (_old[i].TryFind(key, out var value))
                return value;
        }

        return 0;
    }

    public KnownNumbers With(UInt128 key, long value)
    {
        var known = Array.IndexOf(_keys, key);
        if (known >= 0)
            return this with { _values = [.. _values[..known], value, .. _values[(known + 1)..]] };
        UInt128[] keys = [.. _keys, key];
        long[] values = [.. _values, value];
        if (keys.Length < YoungMax)
            return this with { _keys = keys, _values = values };
        var (old, last) = (_old, Sorted.Of(keys, values));
        for (; old.Count > 0 && old[^1].Count < 2 * last.Count; old = old.RemoveAt(old.Count - 1))
            last = Sorted.Merged(old[^1], last);
        return this with { _keys = [], _values = [], _old = old.Add(last) };
    }

    private byte[] Pack()
    {
        var all = _old.Append(Sorted.Of([.. _keys], [.. _values])).Aggregate(Sorted.Merged);
        var packed = new byte[all.Count * EntryBytes];
        for (var i = 0; i < all.Count; i++)
        {
            BinaryPrimitives.WriteUInt128BigEndian(packed.AsSpan(i * EntryBytes), all.Keys[i]);
            BinaryPrimitives.WriteInt64BigEndian(packed.AsSpan((i * EntryBytes) + 16), all.Values[i]);
        }

        return packed;
    }

    private sealed record Sorted(UInt128[] Keys, long[] Values)
    {
        public int Count => Keys.Length;

        /// <summary>Takes over both arrays.</summary>
        public static Sorted Of(UInt128[] keys, long[] values)
        {
            Array.Sort(keys, values);
            return new(keys, values);
        }

        public static Sorted Of(byte[] packed)
        {
            var sorted = new Sorted(new UInt128[packed.Length / EntryBytes], new long[packed.Length / EntryBytes]);
            for (var i = 0; i < sorted.Count; i++)
            {
                sorted.Keys[i] = BinaryPrimitives.ReadUInt128BigEndian(packed.AsSpan(i * EntryBytes));
                sorted.Values[i] = BinaryPrimitives.ReadInt64BigEndian(packed.AsSpan((i * EntryBytes) + 16));
            }

            return sorted;
        }

        public bool TryFind(UInt128 key, out long value)
        {
            var at = Array.BinarySearch(Keys, key);
            value = at >= 0 ? Values[at] : 0;
            return at >= 0;
        }

        public static Sorted Merged(Sorted older, Sorted newer)
        {
            var keys = new List<UInt128>(older.Count + newer.Count);
            var values = new List<long>(older.Count + newer.Count);
            for (int o = 0, n = 0; o < older.Count || n < newer.Count;)
            {
                var takesNewer = o == older.Count || (n < newer.Count && newer.Keys[n] <= older.Keys[o]);
                if (takesNewer && o < older.Count && newer.Keys[n] == older.Keys[o])
                    o++;
                var (from, at) = takesNewer ? (newer, n++) : (older, o++);
                keys.Add(from.Keys[at]);
                values.Add(from.Values[at]);
            }

            return new([.. keys], [.. values]);
        }
    }
}
