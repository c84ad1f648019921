using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A set of keys that can be asked fast, by four bytes of a key, whether it may have it.</summary>
internal sealed class KeyFilter
{
    private const int Bits = 1 << 20;

    private readonly ulong[] coarse = new ulong[Bits / 64];
    private readonly HashSet<uint> fine;
    private readonly HashSet<ulong> keys;

    public KeyFilter(List<Difference> sought)
    {
        (fine, keys) = (new(sought.Count), new(sought.Count));
        foreach (var difference in sought)
        {
            var key = difference.Row.Key;
            var part = unchecked((uint)key);
            coarse[(part % Bits) / 64] |= 1UL << (int)(part % 64);
            fine.Add(part);
            keys.Add(key);
        }
    }

    public bool Has(ulong key) => keys.Contains(key);

    /// <summary>The first of the parts that may belong to one of the keys; -1 when none may.</summary>
    [MethodImpl(ScanLoops.Compiled)]
    public int FirstOf(ReadOnlySpan<uint> parts)
    {
        // Most often there is none: looking for that takes no branch for each.
        var any = 0UL;
        foreach (var part in parts)
            any |= Coarsely(part);
        if ((any & 1) == 0)
            return -1;
        for (var at = 0; at < parts.Length; at++)
        {
            if (MayHave(parts[at]))
                return at;
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool MayHave(uint part) => (Coarsely(part) & 1) != 0 && fine.Contains(part);

    // In the lowest bit; those above are of other parts.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ulong Coarsely(uint part) => coarse[(part % Bits) / 64] >> (int)(part % 64);
}
