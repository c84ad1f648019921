using Microsoft.Win32.SafeHandles;

namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>Many growing files in one temporary file, each of which can be read when all is written. Several threads
/// may write.</summary>
internal sealed class Spool : IDisposable
{
    private const int BlockBytes = 8_192;

    private readonly SafeFileHandle file = TempFile.Open();
    private readonly Part[] parts;
    private long end;

    public Spool(int parts)
    {
        this.parts = new Part[parts];
        for (var part = 0; part < parts; part++)
            this.parts[part] = new();
    }

    public int Parts => parts.Length;

    /// <summary>Of all records of a part together.</summary>
    public long Bytes(int part) => ((long)parts[part].Blocks.Count * BlockBytes) + parts[part].Filled;

    /// <summary>Adds a record to a part.</summary>
    public void Write(int part, ReadOnlySpan<byte> bytes)
    {
        var to = parts[part];
        lock (to)
        {
            while (bytes.Length > 0)
            {
                to.Block ??= GC.AllocateUninitializedArray<byte>(BlockBytes);
                var fits = Math.Min(bytes.Length, BlockBytes - to.Filled);
                bytes[..fits].CopyTo(to.Block.AsSpan(to.Filled));
                bytes = bytes[fits..];
                to.Filled += fits;
                if (to.Filled < BlockBytes)
                    return;
                PutBlock(to);
            }
        }
    }

    /// <summary>Forgets all that was written.</summary>
    public void Clear()
    {
        foreach (var part in parts)
        {
            part.Blocks.Clear();
            part.Filled = 0;
        }
    }

    /// <summary>Lets go of the memory: all is written, and what is read next is in the file.</summary>
    public void Seal()
    {
        foreach (var part in parts)
        {
            if (part.Filled > 0)
                part.Rest = Put(part.Block.AsSpan(0, part.Filled));
            part.Block = null;
        }
    }

    /// <summary>All of a part; how many bytes there are.</summary>
    /// <param name="into">Made larger if need be.</param>
    /// <exception cref="InsufficientMemoryException">The rows of one part are more than an array can hold: nearly all
    /// of them have one key.</exception>
    public int Read(int part, ref byte[] into)
    {
        var (from, bytes) = (parts[part], Bytes(part));
        if (bytes > Array.MaxLength)
            throw new InsufficientMemoryException("Too many rows have one number; is it the right column?");
        if (bytes > into.Length)
            into = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, bytes + (bytes / 4)));
        var at = 0;
        foreach (var block in from.Blocks)
        {
            file.ReadWhole(into.AsSpan(at, BlockBytes), block);
            at += BlockBytes;
        }

        file.ReadWhole(into.AsSpan(at, from.Filled), from.Rest);
        return at + from.Filled;
    }

    public void Dispose() => file.Dispose();

    private void PutBlock(Part part)
    {
        part.Blocks.Add(Put(part.Block));
        part.Filled = 0;
    }

    private long Put(ReadOnlySpan<byte> bytes)
    {
        var at = Interlocked.Add(ref end, bytes.Length) - bytes.Length;
        RandomAccess.Write(file, bytes, at);
        return at;
    }

    private sealed class Part
    {
        public List<long> Blocks { get; } = [];
        public byte[]? Block { get; set; }
        public int Filled { get; set; }

        /// <summary>Where what fills no block was put in the end.</summary>
        public long Rest { get; set; }
    }
}
