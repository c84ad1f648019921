using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Many growing files in one temporary file, each of which can be read when all is written.</summary>
internal sealed class Spool(int parts) : IDisposable
{
    private const int BlockBytes = 8_192;

    private readonly SafeFileHandle file = TempFile.Open();
    private readonly byte[]?[] open = new byte[]?[parts];
    private readonly int[] filled = new int[parts], counts = new int[parts];
    private readonly List<long>[] blocks = [.. Enumerable.Range(0, parts).Select(_ => new List<long>())];
    private long end;

    public int Parts => parts;

    /// <summary>How many records a part has.</summary>
    public int Count(int part) => counts[part];

    /// <summary>Adds a record to a part.</summary>
    public void Write(int part, ReadOnlySpan<byte> bytes)
    {
        counts[part]++;
        while (bytes.Length > 0)
        {
            var block = open[part] ??= new byte[BlockBytes];
            var fits = Math.Min(bytes.Length, BlockBytes - filled[part]);
            bytes[..fits].CopyTo(block.AsSpan(filled[part]));
            bytes = bytes[fits..];
            filled[part] += fits;
            if (filled[part] < BlockBytes)
                return;
            RandomAccess.Write(file, block, end);
            blocks[part].Add(end);
            (end, filled[part]) = (end + BlockBytes, 0);
        }
    }

    /// <summary>A part from its beginning, a block at a time.</summary>
    public BinaryReader Read(int part) => new(new Reader(this, part));

    public void Dispose() => file.Dispose();

    private sealed class Reader(Spool spool, int part) : ReadOnlyStream
    {
        private readonly byte[] bytes = new byte[BlockBytes];
        private int block = -1, at, length;

        public override int Read(Span<byte> buffer)
        {
            if (at == length && !NextBlock())
                return 0;
            var fits = Math.Min(buffer.Length, length - at);
            bytes.AsSpan(at, fits).CopyTo(buffer);
            at += fits;
            return fits;
        }

        private bool NextBlock()
        {
            (block, at, length) = (block + 1, 0, BlockBytes);
            if (block < spool.blocks[part].Count)
                return RandomAccess.Read(spool.file, bytes, spool.blocks[part][block]) == BlockBytes
                    ? true
                    : throw new EndOfStreamException("A temporary file was cut short.");
            length = block == spool.blocks[part].Count ? spool.filled[part] : 0;
            spool.open[part].AsSpan(0, length).CopyTo(bytes);
            return length > 0;
        }
    }
}
