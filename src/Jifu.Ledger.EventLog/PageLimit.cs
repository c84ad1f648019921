namespace Jifu.Ledger.EventLog;

/// <summary>How much one page of all streams holds: an event may have a megabyte, and who reads asks for
/// thousands.</summary>
public static class PageLimit
{
    /// <summary>The payload bytes after which a page ends, 8 MiB; the event that reaches them is the last one in
    /// it.</summary>
    public const int Bytes = 8 << 20;
}
