using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>One cell of a row, as bytes.</summary>
internal readonly ref struct ByteCell(ref byte start, int length)
{
    public readonly ref byte Start = ref start;
    public readonly int Length = length;

    /// <summary><c>0.00</c> as it lies in memory: what most amounts are.</summary>
    private const uint NoFen = 0x30_30_2E_30;

    public ref byte End => ref Unsafe.Add(ref Start, Length);

    public ReadOnlySpan<byte> Text => MemoryMarshal.CreateReadOnlySpan(ref Start, Length);

    /// <summary>True for a number that stands for something: not <c>0</c>, and not nothing.</summary>
    public bool IsNumber
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Length > 1 || (Length == 1 && Start != '0');
    }

    /// <summary>True when this is a text of up to 8 bytes, given as it lies in memory.</summary>
    /// <remarks>Reads 8 bytes.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Is(ulong text, int length) =>
        unchecked(Length == length
            && (Unsafe.ReadUnaligned<ulong>(ref Start) & (ulong.MaxValue >> (64 - (8 * length)))) == text);

    /// <summary>The first and the last 8 of 1 to 16 bytes, as they lie in memory; they are the same for the same text
    /// of the same length.</summary>
    /// <remarks>Reads 8 bytes from its start and 8 before its end.</remarks>
    public (ulong Start, ulong End) Ends
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            unchecked
            {
                var beyond = Math.Max(0, 8 - Length) * 8;
                return ((Unsafe.ReadUnaligned<ulong>(ref Start) << beyond) >> beyond,
                    (Unsafe.ReadUnaligned<ulong>(ref Unsafe.Subtract(ref End, 8)) >> beyond) << beyond);
            }
        }
    }

    /// <summary>An amount of fen, not negative.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryReadFen(out long fen)
    {
        fen = 0;
        return (Length == 4 && Unsafe.ReadUnaligned<uint>(ref Start) == NoFen) || TryReadSomeFen(out fen);
    }

    /// <summary>Two amounts: of fen, not negative; and in units of so many decimals, with a minus or none unless they
    /// are fen, too.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ByteCell ofFen, ByteCell other, int decimals, out long fen, out long units) =>
        ByteText.TryReadShort(ofFen, other, decimals, out fen, out units)
        || TryReadEach(ofFen, other, decimals, out fen, out units);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryReadEach(ByteCell ofFen, ByteCell other, int decimals, out long fen, out long units)
    {
        units = 0;
        return ofFen.TryReadSomeFen(out fen)
            && (decimals == 2 ? other.TryReadSomeFen(out units) : other.TryReadUnits(decimals, out units));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryReadSomeFen(out long fen)
    {
        fen = 0;
        return Length > 0 && Start != '-' && TryReadUnits(2, out fen);
    }

    // Yuan in units of so many decimals, with a minus or none.
    private bool TryReadUnits(int decimals, out long units)
    {
        var sign = Start == '-' ? 1 : 0;
        if (!ByteText.TryReadShort(ref End, Length - sign, decimals, out units))
            return ByteText.TryRead(Text, decimals, ByteText.RowDigitsMax, out units);
        units = sign == 0 ? units : -units;
        return true;
    }
}
