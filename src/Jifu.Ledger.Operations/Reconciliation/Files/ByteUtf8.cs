using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text.Unicode;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Whether bytes are UTF-8, 64 at a time, as simdjson does it (Keiser and Lemire, Validating UTF-8 in less
/// than one instruction per byte): each pair of neighbours is looked up by its three half bytes, and what all three
/// tables have against it is what is wrong with it.</summary>
internal static class ByteUtf8
{
    private const byte TooShort = 1, TooLong = 2, Overlong3 = 4, TooLarge = 8, Surrogate = 16, Overlong2 = 32;
    private const byte TooLarge1000 = 64, Overlong4 = 64, TwoFollow = 128, Any = TooShort | TooLong | TwoFollow;
    private const byte Large = Any | TooLarge | TooLarge1000;

    /// <summary>Whether this machine can; otherwise ask <see cref="Utf8.IsValid"/>.</summary>
    public static bool IsSupported => Avx2.IsSupported;

    private static Vector128<byte> FirstHigh => Vector128.Create(
        TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong, TooLong,
        TwoFollow, TwoFollow, TwoFollow, TwoFollow, TooShort | Overlong2, TooShort, TooShort | Overlong3 | Surrogate,
        TooShort | TooLarge | TooLarge1000 | Overlong4);

    private static Vector128<byte> FirstLow => Vector128.Create(
        Any | Overlong3 | Overlong2 | Overlong4, Any | Overlong2, Any, Any, Any | TooLarge, Large, Large, Large,
        Large, Large, Large, Large, Large, Large | Surrogate, Large, Large);

    private static Vector128<byte> SecondHigh => Vector128.Create(
        TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort, TooShort,
        TooLong | Overlong2 | TwoFollow | Overlong3 | TooLarge1000 | Overlong4,
        TooLong | Overlong2 | TwoFollow | Overlong3 | TooLarge, TooLong | Overlong2 | TwoFollow | Surrogate | TooLarge,
        TooLong | Overlong2 | TwoFollow | Surrogate | TooLarge, TooShort, TooShort, TooShort, TooShort);

    /// <summary>A bit for each of 64 bytes at which something is wrong. The three bytes before are looked at too.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Wrong(ref byte block) =>
        WrongHalf(ref block) | ((ulong)WrongHalf(ref Unsafe.Add(ref block, Vector256<byte>.Count)) << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint WrongHalf(ref byte half)
    {
        var bytes = Vector256.LoadUnsafe(ref half);
        var first = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref half, 1));
        var low = Vector256.Create((byte)0x0F);
        var pairs = Avx2.Shuffle(Vector256.Create(FirstHigh, FirstHigh), High(first))
            & Avx2.Shuffle(Vector256.Create(FirstLow, FirstLow), first & low)
            & Avx2.Shuffle(Vector256.Create(SecondHigh, SecondHigh), High(bytes));
        var third = Avx2.SubtractSaturate(
            Vector256.LoadUnsafe(ref Unsafe.Subtract(ref half, 2)), Vector256.Create((byte)(0xE0 - 0x80)));
        var fourth = Avx2.SubtractSaturate(
            Vector256.LoadUnsafe(ref Unsafe.Subtract(ref half, 3)), Vector256.Create((byte)(0xF0 - 0x80)));
        var follows = (third | fourth) & Vector256.Create((byte)0x80);
        return ~Vector256.Equals(pairs, follows).ExtractMostSignificantBits();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> High(Vector256<byte> bytes) =>
        (bytes.AsUInt16() >> 4).AsByte() & Vector256.Create((byte)0x0F);

    /// <summary>For a machine with AVX-512 VBMI: by its first bytes alone a text is known to be UTF-8, unless it has
    /// some of those few after which not all that follows is allowed, or more than two bytes follow.</summary>
    [method: MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal readonly struct Wide()
    {
        private readonly Vector512<byte> lower = Vector512.Create(RareBytes),
            upper = Vector512.Create(RareBytes[Vector512<byte>.Count..]);

        /// <summary>The highest bit of each byte that follows where none should, or does not where one should, as long
        /// as there are no rare ones. The two bytes before are looked at too.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<byte> Wrong(ref byte block, Vector512<byte> bytes, Vector512<byte> before)
        {
            var second = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref block, 2));
            // After the first byte of two or three, and two after that of three.
            var expected = Avx512BW.SubtractSaturate(before, Vector512.Create((byte)(0xC0 - 0x80)))
                | Avx512BW.SubtractSaturate(second, Vector512.Create((byte)(0xE0 - 0x80)));
            return Vector512.AndNot(bytes, bytes + bytes) ^ expected;
        }

        /// <summary>The highest bit of each rare byte: then only <see cref="Utf8.IsValid"/> knows.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector512<byte> Rare(Vector512<byte> bytes) =>
            Avx512Vbmi.PermuteVar64x8x2(lower, bytes, upper) & bytes;

        // From 128 on: first bytes of what two bytes could say in one, and three in two; of surrogates; of four.
        private static ReadOnlySpan<byte> RareBytes =>
        [
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0x80, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
            0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0,
            0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
        ];
    }
}
