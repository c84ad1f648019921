using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Reads at a place of a file, which may give less than was asked for.</summary>
internal static class WholeReads
{
    /// <summary>Fills all bytes from an offset on.</summary>
    /// <exception cref="EndOfStreamException">The file is shorter than it was.</exception>
    public static void ReadWhole(this SafeFileHandle file, Span<byte> bytes, long offset)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(file, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException("A file became shorter while it was read.");
            bytes = bytes[read..];
            offset += read;
        }
    }
}
