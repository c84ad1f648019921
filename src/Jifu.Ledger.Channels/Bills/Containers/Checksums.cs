using System.Buffers.Binary;

namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>A sum over bytes, which an archive says too.</summary>
internal interface IChecksum
{
    uint Value { get; }

    void Add(ReadOnlySpan<byte> bytes);
}

/// <summary>The CRC-32 of zip and gzip.</summary>
/// <remarks>The runtime has one, but does not compare it when it reads an archive, nor show it to others.</remarks>
public sealed class Crc32 : IChecksum
{
    private const int Entries = 256;

    // What eight bytes make of the sum can be looked up at once: each has a table for its distance from the last.
    private static readonly uint[] Tables = Made();

    private uint state = uint.MaxValue;

    public uint Value => ~state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            var eight = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ crc;
            crc = Tables[(7 * Entries) + unchecked((byte)eight)]
                ^ Tables[(6 * Entries) + unchecked((byte)(eight >> 8))]
                ^ Tables[(5 * Entries) + unchecked((byte)(eight >> 16))]
                ^ Tables[(4 * Entries) + unchecked((byte)(eight >> 24))]
                ^ Tables[(3 * Entries) + unchecked((byte)(eight >> 32))]
                ^ Tables[(2 * Entries) + unchecked((byte)(eight >> 40))]
                ^ Tables[Entries + unchecked((byte)(eight >> 48))]
                ^ Tables[unchecked((byte)(eight >> 56))];
        }

        foreach (var each in bytes)
            crc = Tables[(crc ^ each) & 0xFF] ^ (crc >> 8);
        state = crc;
    }

    private static uint[] Made()
    {
        var tables = new uint[sizeof(ulong) * Entries];
        for (var at = 0; at < tables.Length; at++)
            tables[at] = at < Entries
                ? Of((uint)at)
                : tables[tables[at - Entries] & 0xFF] ^ (tables[at - Entries] >> 8);
        return tables;
    }

    private static uint Of(uint value)
    {
        for (var bit = 0; bit < 8; bit++)
            value = (value & 1) == 0 ? value >> 1 : 0xEDB8_8320 ^ (value >> 1);
        return value;
    }
}

/// <summary>The Adler-32 of zlib.</summary>
internal sealed class Adler32 : IChecksum
{
    private const uint Modulus = 65_521;

    private uint sum = 1, sumOfSums;

    public uint Value => (sumOfSums << 16) | sum;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        foreach (var each in bytes)
        {
            sum = (sum + each) % Modulus;
            sumOfSums = (sumOfSums + sum) % Modulus;
        }
    }
}
