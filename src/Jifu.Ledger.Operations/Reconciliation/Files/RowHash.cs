using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Jifu.Ledger.Reconciliation;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What of a row is compared, besides its kind, number and amount.</summary>
internal readonly record struct ComparedColumns(bool Fee, bool Reference, bool Merchant)
{
    public static ComparedColumns Of(OrderMapping mapping) =>
        new(mapping.Fee is not null, mapping.Reference is not null, mapping.Merchant is not null);
}

/// <summary>Two numbers of 61 bits that stand for a row: one for its kind and number, one for all of it that is
/// compared.</summary>
internal readonly record struct RowIdentity(ulong Key, ulong Value);

/// <summary>Hashes rows with secret numbers: words of 64 bits are taken in pairs, to each word its secret is added, the
/// pairs are multiplied and their products summed up, in <see cref="BinaryField"/>.</summary>
/// <remarks>Two different texts then have the same hash with probability 2^-61 at most, whoever chose them, as long as
/// he does not know the secrets: what differs in a word is multiplied by its neighbour's secret, so each difference of
/// their hashes is as likely as any other, and 61 bits of it are kept. The secrets are random, and new in each run, and
/// others for the key than for the value. Texts longer than the secrets reach are folded block by block.</remarks>
internal sealed class RowHash
{
    /// <summary>The largest hash.</summary>
    public const ulong Largest = (1UL << 61) - 1;

    private const int PairBytes = 16;

    // Longer texts are folded; a power of two, so that one comparison tells of several that none is.
    private const int LongBytes = 8 * PairBytes;

    // Three texts, and a few words.
    private const int Pairs = 32;

    // For each pair of words its secrets for the key, and those for the value.
    private readonly Vector128<ulong>[] secrets = new Vector128<ulong>[2 * Pairs];
    private readonly ulong keyMask;
    private readonly ComparedColumns compared;

    /// <param name="fill">Random bytes that nobody can foresee.</param>
    /// <param name="keyBits">Fewer than 61 only to make keys collide in a test.</param>
    public RowHash(ComparedColumns compared, Action<Span<byte>> fill, int keyBits = 61)
    {
        this.compared = compared;
        keyMask = (1UL << keyBits) - 1;
        fill(MemoryMarshal.AsBytes(secrets.AsSpan()));
    }

    /// <summary>A row by its bytes. One that is not done says what no order can.</summary>
    /// <remarks>Reads up to 16 bytes beyond each text.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowIdentity Of(
        BillLineKind kind, long amount, long fee, bool done, ref byte number, int numberLength, ref byte reference,
        int referenceLength, ref byte merchant, int merchantLength)
    {
        // By itself, so that sums are kept in registers here.
        return (numberLength | referenceLength | merchantLength) < LongBytes
            ? Sum(kind, amount, fee, done, ref number, numberLength, ref reference, referenceLength, ref merchant,
                merchantLength, hasLong: false)
            : OfLong(kind, amount, fee, done, ref number, numberLength, ref reference, referenceLength, ref merchant,
                merchantLength);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RowIdentity OfLong(
        BillLineKind kind, long amount, long fee, bool done, ref byte number, int numberLength, ref byte reference,
        int referenceLength, ref byte merchant, int merchantLength) =>
        Sum(kind, amount, fee, done, ref number, numberLength, ref reference, referenceLength, ref merchant,
            merchantLength, hasLong: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private RowIdentity Sum(
        BillLineKind kind, long amount, long fee, bool done, ref byte number, int numberLength, ref byte reference,
        int referenceLength, ref byte merchant, int merchantLength, bool hasLong)
    {
        unchecked
        {
            var sums = new Sums(ref secrets[0]);
            sums.Add(Vector128.CreateScalar(((ulong)numberLength << 2) | (ulong)kind), both: true);
            sums.Add(ref number, numberLength, hasLong, both: true);
            var comparedFee = compared.Fee ? (ulong)fee : 0;
            sums.Add(Vector128.Create(((ulong)amount << 1) | (done ? 0UL : 1UL), comparedFee), both: false);
            if (compared.Reference || compared.Merchant)
            {
                // Their lengths first, so that none of the one can be taken for the other's.
                var lengths = Vector128.Create(
                    compared.Reference ? (ulong)referenceLength : 0, compared.Merchant ? (ulong)merchantLength : 0);
                sums.Add(lengths, both: false);
                if (compared.Reference)
                    sums.Add(ref reference, referenceLength, hasLong, both: false);
                if (compared.Merchant)
                    sums.Add(ref merchant, merchantLength, hasLong, both: false);
            }

            return new(sums.Key & keyMask, sums.Value & Largest);
        }
    }

    public RowIdentity Of(BillLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee, line.Status is null, line.ChannelReference, line.Merchant);

    public RowIdentity Of(OrderLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee ?? default, line.Status is null, line.Reference, line.Merchant);

    private RowIdentity Of(
        BillLineKind kind, string number, Money amount, Money fee, bool done, string reference, string merchant)
    {
        var lengths = Encoding.UTF8.GetByteCount(number) + Encoding.UTF8.GetByteCount(reference)
            + Encoding.UTF8.GetByteCount(merchant) + PairBytes;
        var bytes = lengths <= 1024 ? stackalloc byte[lengths] : new byte[lengths];
        var numberLength = Encoding.UTF8.GetBytes(number, bytes);
        var referenceLength = Encoding.UTF8.GetBytes(reference, bytes[numberLength..]);
        var merchantStart = numberLength + referenceLength;
        var merchantLength = Encoding.UTF8.GetBytes(merchant, bytes[merchantStart..]);
        return Of(
            kind, amount.MinorUnits, fee.MinorUnits, done, ref bytes[0], numberLength, ref bytes[numberLength],
            referenceLength, ref bytes[merchantStart], merchantLength);
    }

    /// <summary>Sums of products, for the key and for the value.</summary>
    private ref struct Sums(ref Vector128<ulong> secrets)
    {
        private ref Vector128<ulong> secrets = ref secrets;
        private Vector128<ulong> key, value;

        public readonly ulong Key
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => BinaryField.Reduced(key);
        }

        public readonly ulong Value
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => BinaryField.Reduced(value);
        }

        /// <summary>Adds two words to the value, or to both.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector128<ulong> pair, bool both) => Add(pair, pair, both);

        /// <summary>Adds a text. Its length must be said besides.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ref byte text, int length, bool mayBeLong, bool both)
        {
            if (mayBeLong && length >= LongBytes)
            {
                Add(Folded(ref text, length, ref secrets), both);
                return;
            }

            unchecked
            {
                for (; length >= PairBytes; length -= PairBytes)
                {
                    Add(Vector128.LoadUnsafe(ref text).AsUInt64(), both);
                    text = ref Unsafe.Add(ref text, PairBytes);
                }

                // What stands behind it is none of it.
                var inside = Vector128.GreaterThan(Vector128.Create((sbyte)length), Vector128<sbyte>.Indices);
                Add(Vector128.LoadUnsafe(ref text).AsUInt64() & inside.AsUInt64(), both);
            }
        }

        // The hashes so far stand before the next part.
        private static (ulong Key, ulong Value) Folded(ref byte text, int length, ref Vector128<ulong> secrets)
        {
            var folded = (Key: 0UL, Value: 0UL);
            while (length > 0)
            {
                var part = new Sums(ref secrets);
                part.Add(folded, both: true);
                var partLength = Math.Min(length, LongBytes - PairBytes);
                part.Add(ref text, partLength, mayBeLong: false, both: true);
                folded = (part.Key, part.Value);
                text = ref Unsafe.Add(ref text, partLength);
                length -= partLength;
            }

            return folded;
        }

        private void Add((ulong Key, ulong Value) words, bool both) =>
            Add(Vector128.CreateScalar(words.Key), Vector128.CreateScalar(words.Value), both);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private void Add(Vector128<ulong> ofKey, Vector128<ulong> ofValue, bool both)
        {
            if (both)
                key ^= BinaryField.Product(ofKey ^ secrets);
            value ^= BinaryField.Product(ofValue ^ Unsafe.Add(ref secrets, 1));
            secrets = ref Unsafe.Add(ref secrets, 2);
        }
    }
}
