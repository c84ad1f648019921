using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.ReadModels;

/// <summary>Rows as PostgreSQL's COPY takes them in binary: the server neither parses nor plans them.</summary>
/// <remarks>Their memory is borrowed and goes back once they are sent: as new memory of this size each page would make
/// the garbage collector look at all there is.</remarks>
internal sealed class BinaryRows
{
    private const int Null = -1;

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Its signature, no flags, and no extension.
    private static ReadOnlySpan<byte> Heading =>
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private byte[]? _bytes;
    private int _length;

    private BinaryRows(int about) => _bytes = ArrayPool<byte>.Shared.Rent(about);

    /// <summary>Encodes columns of one length.</summary>
    /// <exception cref="InvalidOperationException">A column holds what is not known here.</exception>
    public static BinaryRows Of(IReadOnlyList<object> columns, int rows)
    {
        var made = new BinaryRows(Math.Max(256, rows * columns.Count * 24));
        var writers = new Action<int>[columns.Count];
        for (var i = 0; i < writers.Length; i++)
            writers[i] = made.WriterOf(columns[i]);
        Heading.CopyTo(made.Take(Heading.Length));
        for (var row = 0; row < rows; row++)
        {
            made.Int16((short)writers.Length);
            foreach (var writer in writers)
                writer(row);
        }

        made.Int16(-1);
        return made;
    }

    /// <summary>Sends them, once.</summary>
    /// <exception cref="InvalidOperationException">They were sent before.</exception>
    public async Task SendTo(Stream copy, CancellationToken cancellation)
    {
        var bytes = _bytes ?? throw new InvalidOperationException("These rows were sent before.");
        _bytes = null;
        await copy.WriteAsync(bytes.AsMemory(0, _length), cancellation);

        // Only now: when it failed, somebody may still be reading them.
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private Span<byte> Take(int length)
    {
        var span = Room(length)[..length];
        _length += length;
        return span;
    }

    private Span<byte> Room(int length)
    {
        if (_bytes!.Length - _length < length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, _bytes.Length * 2));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }

    private Action<int> WriterOf(object column) => column switch
    {
        string?[] c => row => Text(c[row]),
        long[] c => row => Int64(c[row]),
        int[] c => row => Int32(c[row]),
        bool[] c => row => Bool(c[row]),
        DateOnly[] c => row => Date(c[row]),
        DateOnly?[] c => row => Date(c[row]),
        DateTimeOffset[] c => row => Moment(c[row]),
        DateTimeOffset?[] c => row => Moment(c[row]),
        _ => throw new InvalidOperationException($"{column.GetType()} is no column of a table."),
    };

    private void Text(string? value)
    {
        if (value is null)
        {
            Length(Null);
            return;
        }

        var room = Room(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, room[4..]);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        _length += 4 + length;
    }

    private void Int64(long value)
    {
        var span = Take(12);
        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteInt64BigEndian(span[4..], value);
    }

    private void Int32(int value)
    {
        Length(4);
        Length(value);
    }

    private void Bool(bool value)
    {
        Length(1);
        Take(1)[0] = value ? (byte)1 : (byte)0;
    }

    private void Date(DateOnly? value)
    {
        if (value is { } day)
            Int32(day.DayNumber - DateOnly.FromDateTime(Epoch.DateTime).DayNumber);
        else
            Length(Null);
    }

    // In microseconds, cut off as the driver cuts.
    private void Moment(DateTimeOffset? value)
    {
        if (value is { } at)
            Int64((at.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        else
            Length(Null);
    }

    private void Int16(short value) => BinaryPrimitives.WriteInt16BigEndian(Take(2), value);

    private void Length(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);
}
