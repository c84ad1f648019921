using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Jifu.Ledger.ReadModels;

/// <summary>Rows as PostgreSQL's COPY takes them in binary: the server neither parses nor plans them.</summary>
internal static class BinaryRows
{
    private const int Null = -1;

    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // Its signature, no flags, and no extension.
    private static ReadOnlySpan<byte> Heading =>
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 10, 255, 13, 10, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    /// <summary>Encodes columns of one length.</summary>
    /// <exception cref="InvalidOperationException">A column holds what is not known here.</exception>
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<object> columns, int rows)
    {
        var writers = new Action<int, ArrayBufferWriter<byte>>[columns.Count];
        for (var i = 0; i < writers.Length; i++)
            writers[i] = WriterOf(columns[i]);
        var buffer = new ArrayBufferWriter<byte>(Math.Max(256, rows * columns.Count * 24));
        buffer.Write(Heading);
        for (var row = 0; row < rows; row++)
        {
            Int16(buffer, (short)writers.Length);
            foreach (var writer in writers)
                writer(row, buffer);
        }

        Int16(buffer, -1);
        return buffer.WrittenMemory;
    }

    private static Action<int, ArrayBufferWriter<byte>> WriterOf(object column) => column switch
    {
        string?[] c => (row, buffer) => Text(buffer, c[row]),
        long[] c => (row, buffer) => Int64(buffer, c[row]),
        int[] c => (row, buffer) => Int32(buffer, c[row]),
        bool[] c => (row, buffer) => Bool(buffer, c[row]),
        DateOnly[] c => (row, buffer) => Date(buffer, c[row]),
        DateOnly?[] c => (row, buffer) => Date(buffer, c[row]),
        DateTimeOffset[] c => (row, buffer) => Moment(buffer, c[row]),
        DateTimeOffset?[] c => (row, buffer) => Moment(buffer, c[row]),
        _ => throw new InvalidOperationException($"{column.GetType()} is no column of a table."),
    };

    private static void Text(ArrayBufferWriter<byte> buffer, string? value)
    {
        if (value is null)
        {
            Length(buffer, Null);
            return;
        }

        var span = buffer.GetSpan(4 + Encoding.UTF8.GetMaxByteCount(value.Length));
        var length = Encoding.UTF8.GetBytes(value, span[4..]);
        BinaryPrimitives.WriteInt32BigEndian(span, length);
        buffer.Advance(4 + length);
    }

    private static void Int64(ArrayBufferWriter<byte> buffer, long value)
    {
        var span = buffer.GetSpan(12);
        BinaryPrimitives.WriteInt32BigEndian(span, 8);
        BinaryPrimitives.WriteInt64BigEndian(span[4..], value);
        buffer.Advance(12);
    }

    private static void Int32(ArrayBufferWriter<byte> buffer, int value)
    {
        Length(buffer, 4);
        Length(buffer, value);
    }

    private static void Bool(ArrayBufferWriter<byte> buffer, bool value)
    {
        Length(buffer, 1);
        buffer.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        buffer.Advance(1);
    }

    private static void Date(ArrayBufferWriter<byte> buffer, DateOnly? value)
    {
        if (value is { } day)
            Int32(buffer, day.DayNumber - DateOnly.FromDateTime(Epoch.DateTime).DayNumber);
        else
            Length(buffer, Null);
    }

    // In microseconds, cut off as the driver cuts.
    private static void Moment(ArrayBufferWriter<byte> buffer, DateTimeOffset? value)
    {
        if (value is { } at)
            Int64(buffer, (at.UtcTicks - Epoch.UtcTicks) / TimeSpan.TicksPerMicrosecond);
        else
            Length(buffer, Null);
    }

    private static void Int16(ArrayBufferWriter<byte> buffer, short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(buffer.GetSpan(2), value);
        buffer.Advance(2);
    }

    private static void Length(ArrayBufferWriter<byte> buffer, int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }
}
