using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A set of keys that can be asked fast, by four bytes of a key, whether it may have it.</summary>
internal sealed class KeyFilter
{
    private const int Bits = 1 << 20;
    private const int WordShift = 5;
    private const int WordBits = 1 << WordShift;

    // Pinned, as it is read by its address.
    private readonly uint[] coarse = GC.AllocateArray<uint>(Bits / WordBits, pinned: true);
    private readonly HashSet<uint> fine;
    private readonly HashSet<ulong> keys;

    public KeyFilter(List<Difference> sought)
    {
        (fine, keys) = (new(sought.Count), new(sought.Count));
        foreach (var difference in sought)
        {
            var key = difference.Row.Key;
            var part = unchecked((uint)key);
            coarse[(part % Bits) / WordBits] |= 1U << (int)(part % WordBits);
            fine.Add(part);
            keys.Add(key);
        }
    }

    public bool Has(ulong key) => keys.Contains(key);

    /// <summary>Which of some parts may belong to one of the keys: a bit for each, the first one's lowest.</summary>
    /// <param name="parts">At most 32.</param>
    [MethodImpl(ScanLoops.Compiled)]
    public uint Among(ReadOnlySpan<uint> parts)
    {
        // Most often there is none, and no branch is taken for any.
        var (among, at) = (0U, 0);
        for (; Avx2.IsSupported && at <= parts.Length - Vector256<uint>.Count; at += Vector256<uint>.Count)
            among |= Coarsely(Vector256.Create(parts[at..])) << at;
        for (; at < parts.Length; at++)
            among |= (coarse[(parts[at] % Bits) / WordBits] >> (int)(parts[at] % WordBits) & 1) << at;
        for (var left = among; left != 0; left &= left - 1)
        {
            at = BitOperations.TrailingZeroCount(left);
            if (!fine.Contains(parts[at]))
                among &= ~(1U << at);
        }

        return among;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private unsafe uint Coarsely(Vector256<uint> parts)
    {
        var first = (uint*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(coarse));
        var places = (parts & Vector256.Create(Bits - 1U)) >> WordShift;
        var words = Avx2.GatherVector256(first, places.AsInt32(), sizeof(uint));
        var bits = Avx2.ShiftRightLogicalVariable(words, parts & Vector256.Create(WordBits - 1U));
        return (bits << (WordBits - 1)).ExtractMostSignificantBits();
    }
}
