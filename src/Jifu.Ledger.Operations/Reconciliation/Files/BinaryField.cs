using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>The field of 2^64 elements: polynomials over bits, modulo x^64 + x^4 + x^3 + x + 1. Sums are exclusive ors,
/// and products have no carries; processors have an instruction for them, made for AES-GCM.</summary>
internal static class BinaryField
{
    // What x^64 is.
    private static Vector128<ulong> Modulus => Vector128.CreateScalar(0x1BUL);

    /// <summary>The product of a pair's two words, 128 bits of it: sums of such are reduced once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Product(Vector128<ulong> pair) => HighByLow(pair, pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Reduced(Vector128<ulong> sum)
    {
        var folded = HighByLow(sum, Modulus);
        // Four bits stand out again.
        return (sum ^ folded ^ HighByLow(folded, Modulus)).ToScalar();
    }

    /// <summary>Bit by bit, for processors without the instruction.</summary>
    public static Vector128<ulong> Slowly(ulong one, ulong other)
    {
        var (low, high) = (unchecked(one & (0 - (other & 1))), 0UL);
        for (var bit = 1; bit < 64; bit++)
        {
            var taken = unchecked(0 - ((other >> bit) & 1));
            low ^= (one << bit) & taken;
            high ^= (one >> (64 - bit)) & taken;
        }

        return Vector128.Create(low, high);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<ulong> HighByLow(Vector128<ulong> left, Vector128<ulong> right) =>
        Pclmulqdq.IsSupported ? Pclmulqdq.CarrylessMultiply(left, right, 1)
        : ArmAes.IsSupported ? ArmAes.PolynomialMultiplyWideningLower(left.GetUpper(), right.GetLower())
        : Slowly(left[1], right[0]);
}
