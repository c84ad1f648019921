using System.Buffers.Binary;

namespace Jifu.Ledger.EventLog.Evidence;

/// <summary>Reads the records of an archive's events, one at a time, through one buffer.</summary>
internal sealed class ArchiveRecords(Stream stream)
{
    private const int HeadBytes = 5;

    private byte[] _buffer = new byte[1 << 18];
    private int _start;
    private int _end;
    private int _bodyLength;

    public byte Kind { get; private set; }

    /// <summary>Of the record read last; valid until the next.</summary>
    public ReadOnlySpan<byte> Body => _buffer.AsSpan(_start - _bodyLength, _bodyLength);

    /// <returns>False at the end.</returns>
    /// <exception cref="InvalidDataException">The file ends in the middle of a record, or holds something
    /// else.</exception>
    public bool TryRead()
    {
        if (!Fill(HeadBytes))
            return false;
        Kind = _buffer[_start];
        var length = BinaryPrimitives.ReadUInt32BigEndian(_buffer.AsSpan(_start + 1));
        if (length > ArchiveNames.RecordBytesMax)
            throw new InvalidDataException($"A record of {length} bytes is none.");
        _start += HeadBytes;
        if (!Fill((int)length))
            throw new InvalidDataException("The events end in the middle of a record.");
        (_bodyLength, _start) = ((int)length, _start + (int)length);
        return true;
    }

    private bool Fill(int length)
    {
        if (_end - _start >= length)
            return true;
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        if (_buffer.Length < length)
            Array.Resize(ref _buffer, length);
        while (_end < length)
        {
            var read = stream.Read(_buffer.AsSpan(_end));
            if (read == 0)
                return _end == 0
                    ? false
                    : throw new InvalidDataException("The events end in the middle of a record.");
            _end += read;
        }

        return true;
    }
}
