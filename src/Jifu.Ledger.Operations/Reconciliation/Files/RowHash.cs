using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
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

/// <summary>Hashes rows with secret numbers: words are taken in pairs, to each word its secret is added, the pairs are
/// multiplied and their products summed up, modulo 2^61 - 1.</summary>
/// <remarks>Two different texts then have the same hash with probability 2^-60 at most, whoever chose them, as long as
/// he does not know the secrets: what differs in a word is multiplied by its neighbour's secret. They are random, and
/// new in each run. Words of texts have 7 bytes, so that each is below the prime and all products together fit into 128
/// bits; texts longer than the secrets reach are folded block by block.</remarks>
internal sealed class RowHash
{
    public const ulong Prime = (1UL << 61) - 1;
    private const int WordBytes = 7, PairBytes = 2 * WordBytes;
    private const int TextBytesMax = 10 * PairBytes;

    // How far beyond a text it reads.
    private const int Behind = PairBytes + 1;

    // Three texts, and a few words before and between them.
    private const int Secrets = 72;
    private const ulong WordMask = (1UL << (8 * WordBytes)) - 1;

    private readonly ulong[] keys = new ulong[Secrets], values = new ulong[Secrets];
    private readonly ulong keyMask;
    private readonly ComparedColumns compared;

    /// <param name="fill">Random bytes that nobody can foresee.</param>
    /// <param name="keyBits">Fewer than 61 only to make keys collide in a test.</param>
    public RowHash(ComparedColumns compared, Action<Span<byte>> fill, int keyBits = 61)
    {
        this.compared = compared;
        keyMask = (1UL << keyBits) - 1;
        foreach (var secrets in new[] { keys, values })
        {
            fill(MemoryMarshal.AsBytes(secrets.AsSpan()));
            for (var i = 0; i < secrets.Length; i++)
                secrets[i] = 1 + ((secrets[i] & Prime) % (Prime - 1));
        }
    }

    /// <summary>A row by its bytes. One that is not done says what no order can.</summary>
    /// <remarks>Reads up to 15 bytes beyond each text.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowIdentity Of(
        BillLineKind kind, long amount, long fee, bool done, ref byte number, int numberLength, ref byte reference,
        int referenceLength, ref byte merchant, int merchantLength)
    {
        var key = new Sum(ref keys[0]);
        key.Add(ref number, numberLength, (ulong)kind);
        var value = new Sum(ref values[0]);
        value.Add(key.Reduced, unchecked((ulong)amount << 1) | (done ? 0UL : 1UL));
        if (compared.Fee)
            value.Add(unchecked((ulong)((fee << 1) ^ (fee >> 63))), 0);
        if (compared.Reference)
            value.Add(ref reference, referenceLength, 0);
        if (compared.Merchant)
            value.Add(ref merchant, merchantLength, 0);
        return new(key.Reduced & keyMask, value.Reduced);
    }

    public RowIdentity Of(BillLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee, line.Status is null, line.ChannelReference, line.Merchant);

    public RowIdentity Of(OrderLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee ?? default, line.Status is null, line.Reference, line.Merchant);

    private RowIdentity Of(
        BillLineKind kind, string number, Money amount, Money fee, bool done, string reference, string merchant)
    {
        var lengths = Encoding.UTF8.GetByteCount(number) + Encoding.UTF8.GetByteCount(reference)
            + Encoding.UTF8.GetByteCount(merchant) + Behind;
        var bytes = lengths <= 1024 ? stackalloc byte[lengths] : new byte[lengths];
        var numberLength = Encoding.UTF8.GetBytes(number, bytes);
        var referenceLength = Encoding.UTF8.GetBytes(reference, bytes[numberLength..]);
        var merchantStart = numberLength + referenceLength;
        var merchantLength = Encoding.UTF8.GetBytes(merchant, bytes[merchantStart..]);
        return Of(
            kind, amount.MinorUnits, fee.MinorUnits, done, ref bytes[0], numberLength, ref bytes[numberLength],
            referenceLength, ref bytes[merchantStart], merchantLength);
    }

    /// <summary>A sum of products, 128 bits wide: it cannot overflow before it is reduced.</summary>
    private ref struct Sum(ref ulong secrets)
    {
        private readonly ref ulong secrets = ref secrets;
        private ulong low, high;
        private int words;

        public readonly ulong Reduced
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Reduce(low, high);
        }

        /// <summary>Adds two words, each below 2^61.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong one, ulong other)
        {
            unchecked
            {
                one += Unsafe.Add(ref secrets, words);
                other += Unsafe.Add(ref secrets, words + 1);
                words += 2;
                var below = one * other;
                // The same as Math.BigMul, which takes its lower half through memory.
                var above = Bmi2.X64.IsSupported
                    ? Bmi2.X64.MultiplyNoFlags(one, other)
                    : Math.BigMul(one, other, out _);
                low += below;
                high += above + (low < below ? 1UL : 0UL);
            }
        }

        /// <summary>Adds a text, its length, and a number below 4 that is said with it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ref byte text, int length, ulong said)
        {
            unchecked
            {
                said |= (ulong)length << 2;
                if (length > TextBytesMax)
                {
                    Add(Folded(ref text, length, ref secrets), said);
                    return;
                }

                for (; length >= PairBytes; length -= PairBytes)
                {
                    Add(Word(ref text) & WordMask, Word(ref Unsafe.Add(ref text, WordBytes)) & WordMask);
                    text = ref Unsafe.Add(ref text, PairBytes);
                }

                // Up to 13 bytes are left: in the second word there is room for what is said.
                var (one, other) = (Math.Min(length, WordBytes), Math.Max(length - WordBytes, 0));
                Add(
                    Word(ref text) & ((1UL << (8 * one)) - 1),
                    (Word(ref Unsafe.Add(ref text, WordBytes)) & ((1UL << (8 * other)) - 1)) | (said << 48));
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Word(ref byte text) => Unsafe.ReadUnaligned<ulong>(ref text);

        // The hash so far takes the place of a word in front of the next block.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static ulong Folded(ref byte text, int length, ref ulong secrets)
        {
            ulong folded = 0;
            while (length > 0)
            {
                var block = new Sum(ref secrets);
                var blockLength = Math.Min(length, TextBytesMax);
                block.Add(folded, 0);
                block.Add(ref text, blockLength, 0);
                folded = block.Reduced;
                text = ref Unsafe.Add(ref text, blockLength);
                length -= blockLength;
            }

            return folded;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Reduce(ulong low, ulong high)
    {
        unchecked
        {
            var sum = (low & Prime) + (((low >> 61) | (high << 3)) & Prime) + (high >> 58);
            sum = (sum & Prime) + (sum >> 61);
            return sum >= Prime ? sum - Prime : sum;
        }
    }
}
