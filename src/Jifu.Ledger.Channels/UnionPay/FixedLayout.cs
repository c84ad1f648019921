namespace Jifu.Ledger.Channels.UnionPay;

/// <summary>How wide the fields of one of UnionPay's files are, in bytes.</summary>
internal sealed class FixedLayout
{
    private readonly int[] widths;
    private readonly int[] offsets;

    private FixedLayout(params int[] widths)
    {
        this.widths = widths;
        offsets = new int[widths.Length];
        for (var field = 1; field < widths.Length; field++)
            offsets[field] = offsets[field - 1] + widths[field - 1] + 1;
    }

    /// <summary>ZM: transactions. The last field is the last two of the newer form (42 fields), where a space divides
    /// it after 32 bytes. Of the newest (46 fields, 608 bytes) the second of these begins with 清算金额.</summary>
    public static readonly FixedLayout Zm = new(
        3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13,
        13, 8, 32, 13, 13, 12, 2, 1, 131);

    /// <summary>ZME: corrections (差错).</summary>
    public static readonly FixedLayout Zme = new(
        3, 11, 11, 6, 10, 19, 12, 4, 2, 2, 6, 10, 4, 12, 13, 13, 15, 15, 1, 12, 2, 135);

    /// <summary>Where the newest form of ZM has 清算金额, and how wide it is.</summary>
    public const int ClearedOffset = 509, ClearedWidth = 13;

    /// <summary>Whether a line of ZM has one space more than the older form: between its last two fields.</summary>
    public static bool IsNewerZm(ReadOnlySpan<byte> line) =>
        line.Length >= ClearedOffset && line[ClearedOffset - 1] == ' ';

    /// <summary>How long a line is.</summary>
    public int Bytes => offsets[^1] + widths[^1];

    /// <summary>Fields count from 1.</summary>
    public int Offset(int field) => offsets[field - 1];

    public int Width(int field) => widths[field - 1];

    /// <summary>Where a space between two fields is missing; -1 when none is.</summary>
    public int FirstBroken(ReadOnlySpan<byte> line)
    {
        for (var field = 1; field < offsets.Length; field++)
        {
            if (line[offsets[field] - 1] != ' ')
                return offsets[field] - 1;
        }

        return -1;
    }

    /// <summary>True for a line that begins as all of these files do: seven fields, the last of them an
    /// amount.</summary>
    public static bool Begins(ReadOnlySpan<byte> line)
    {
        if (line.Length < Zm.offsets[7])
            return false;
        for (var field = 1; field <= 7; field++)
        {
            if (line[Zm.offsets[field] - 1] != ' ')
                return false;
        }

        return !line.Slice(Zm.offsets[6], 12).ContainsAnyExceptInRange((byte)'0', (byte)'9');
    }
}
