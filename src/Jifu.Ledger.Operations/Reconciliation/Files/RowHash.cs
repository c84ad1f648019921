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

/// <summary>Hashes rows with secret multipliers: the sum of each word times its multiplier, modulo 2^61 - 1.</summary>
/// <remarks>Two different texts then have the same hash with probability 2^-61, whoever chose them, as long as he does
/// not know the multipliers: they are random, and new in each run. Words have 7 bytes, so that each is below the
/// prime; texts longer than the multipliers reach are folded block by block.</remarks>
internal sealed class RowHash
{
    public const ulong Prime = (1UL << 61) - 1;
    private const int WordBytes = 7;
    private const int TextBytesMax = 20 * WordBytes;

    // Three texts, and a few words before and between them.
    private const int Multipliers = 72;
    private const ulong WordMask = (1UL << 56) - 1;

    private readonly ulong[] keys = new ulong[Multipliers], values = new ulong[Multipliers];
    private readonly ulong keyMask;
    private readonly ComparedColumns compared;

    /// <param name="fill">Random bytes that nobody can foresee.</param>
    /// <param name="keyBits">Fewer than 61 only to make keys collide in a test.</param>
    public RowHash(ComparedColumns compared, Action<Span<byte>> fill, int keyBits = 61)
    {
        this.compared = compared;
        keyMask = (1UL << keyBits) - 1;
        foreach (var multipliers in new[] { keys, values })
        {
            fill(MemoryMarshal.AsBytes(multipliers.AsSpan()));
            for (var i = 0; i < multipliers.Length; i++)
                multipliers[i] = 1 + ((multipliers[i] & Prime) % (Prime - 1));
        }
    }

    /// <summary>A row by its bytes. One that is not done says what no order can.</summary>
    /// <remarks>Reads up to 8 bytes beyond each text.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public RowIdentity Of(
        BillLineKind kind, long amount, long fee, bool done, ref byte number, int numberLength, ref byte reference,
        int referenceLength, ref byte merchant, int merchantLength)
    {
        var key = new Sum(ref keys[0]);
        key.Add(unchecked((ulong)kind | ((ulong)numberLength << 2)));
        key.Add(ref number, numberLength);
        var value = new Sum(ref values[0]);
        value.Add(key.Reduced);
        value.Add(unchecked((ulong)amount << 1) | (done ? 0UL : 1UL));
        if (compared.Fee)
            value.Add(unchecked((ulong)((fee << 1) ^ (fee >> 63))));
        if (compared.Reference)
        {
            value.Add((ulong)referenceLength);
            value.Add(ref reference, referenceLength);
        }

        if (compared.Merchant)
        {
            value.Add((ulong)merchantLength);
            value.Add(ref merchant, merchantLength);
        }

        return new(key.Reduced & keyMask, value.Reduced);
    }

    public RowIdentity Of(BillLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee, line.Status is null, line.ChannelReference, line.Merchant);

    public RowIdentity Of(OrderLine line) => Of(
        line.Kind, line.Number, line.Amount, line.Fee ?? default, line.Status is null, line.Reference, line.Merchant);

    private RowIdentity Of(
        BillLineKind kind, string number, Money amount, Money fee, bool done, string reference, string merchant)
    {
        const int behind = 8;
        var lengths = Encoding.UTF8.GetByteCount(number) + Encoding.UTF8.GetByteCount(reference)
            + Encoding.UTF8.GetByteCount(merchant) + behind;
        var bytes = lengths <= 1024 ? stackalloc byte[lengths] : new byte[lengths];
        var numberLength = Encoding.UTF8.GetBytes(number, bytes);
        var referenceLength = Encoding.UTF8.GetBytes(reference, bytes[numberLength..]);
        var merchantStart = numberLength + referenceLength;
        var merchantLength = Encoding.UTF8.GetBytes(merchant, bytes[merchantStart..]);
        return Of(
            kind, amount.MinorUnits, fee.MinorUnits, done, ref bytes[0], numberLength, ref bytes[numberLength],
            referenceLength, ref bytes[merchantStart], merchantLength);
    }

    /// <summary>A sum of words times multipliers, 128 bits wide: it cannot overflow before it is reduced.</summary>
    private ref struct Sum(ref ulong multipliers)
    {
        private readonly ref ulong multipliers = ref multipliers;
        private ulong low, high;
        private int words;

        public readonly ulong Reduced
        {
            [MethodImpl(MethodImplOptions.AggressiveInlining)]
            get => Reduce(low, high);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ulong word)
        {
            unchecked
            {
                var multiplier = Unsafe.Add(ref multipliers, words++);
                var below = word * multiplier;
                // The same as Math.BigMul, which takes its lower half through memory.
                var above = Bmi2.X64.IsSupported
                    ? Bmi2.X64.MultiplyNoFlags(word, multiplier)
                    : Math.BigMul(word, multiplier, out _);
                low += below;
                high += above + (low < below ? 1UL : 0UL);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(ref byte text, int length)
        {
            unchecked
            {
                if (length > TextBytesMax)
                {
                    Add(Folded(ref text, length, ref multipliers));
                    return;
                }

                for (; length >= WordBytes; length -= WordBytes)
                {
                    Add(Unsafe.ReadUnaligned<ulong>(ref text) & WordMask);
                    text = ref Unsafe.Add(ref text, WordBytes);
                }

                if (length > 0)
                    Add(Unsafe.ReadUnaligned<ulong>(ref text) & ((1UL << (length * 8)) - 1));
            }
        }

        // The hash so far takes the place of a word in front of the next block.
        [MethodImpl(MethodImplOptions.NoInlining)]
        private static ulong Folded(ref byte text, int length, ref ulong multipliers)
        {
            ulong folded = 0;
            while (length > 0)
            {
                var block = new Sum(ref multipliers);
                block.Add(folded);
                var blockLength = Math.Min(length, TextBytesMax);
                block.Add(ref text, blockLength);
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
