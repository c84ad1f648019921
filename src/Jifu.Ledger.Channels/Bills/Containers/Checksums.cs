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
    private static readonly uint[] Table = [.. Enumerable.Range(0, 256).Select(value => Of((uint)value))];

    private uint state = uint.MaxValue;

    public uint Value => ~state;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        var crc = state;
        foreach (var each in bytes)
            crc = Table[(crc ^ each) & 0xFF] ^ (crc >> 8);
        state = crc;
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
