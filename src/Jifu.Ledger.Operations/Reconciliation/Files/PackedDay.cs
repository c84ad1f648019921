using System.Runtime.CompilerServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>A day as <c>yyyy-MM-dd</c>: its bytes without the last two, and those.</summary>
/// <remarks>A type of ours, and compared by hand: of a tuple only the runtime knows where its parts lie and what makes
/// two of them equal, so that code made before would have to look.</remarks>
internal readonly struct PackedDay(ref byte text)
{
    private readonly ulong start = Unsafe.ReadUnaligned<ulong>(ref text);
    private readonly ushort end = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref text, 8));

    /// <summary>True when a text begins with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Begins(ref byte text) => Unsafe.ReadUnaligned<ulong>(ref text) == start
        && Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref text, 8)) == end;
}
