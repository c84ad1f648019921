namespace Jifu.Ledger.Channels.Bills;

/// <summary>How much an archive may hold, however it lies about it: what is inflated is counted.</summary>
/// <param name="BytesMax">Of all its documents together.</param>
/// <param name="RatioMax">How many bytes may come out of one; a megabyte may come out of anything.</param>
/// <param name="SpoolBytesMax">Of an archive that has to be put on disk because it cannot be read twice.</param>
/// <param name="SpoolFolder">Where on disk.</param>
internal sealed record BillLimits(
    int EntriesMax, long BytesMax, long RatioMax, long SpoolBytesMax, string SpoolFolder)
{
    public static readonly BillLimits Usual = new(100, 8L << 30, 100, 2L << 30, Path.GetTempPath());

    /// <summary>Of an archive's table of contents.</summary>
    public const int DirectoryBytesMax = 1 << 20;

    /// <summary>What may come out of few bytes: a small bill that repeats itself packs well.</summary>
    public const int RatioFreeBytes = 1 << 20;
}
