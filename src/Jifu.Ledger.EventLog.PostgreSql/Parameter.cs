using Npgsql;
using NpgsqlTypes;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>Parameters of the statements that the log writes by, typed so that nothing is boxed.</summary>
internal static class Parameter
{
    public static NpgsqlParameter<long> Number(long value) => new() { TypedValue = value };

    public static NpgsqlParameter<string?[]> Texts(string?[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    public static NpgsqlParameter<ReadOnlyMemory<byte>> Bytes(ReadOnlyMemory<byte> value) =>
        new() { TypedValue = value, NpgsqlDbType = NpgsqlDbType.Bytea };

    public static NpgsqlParameter<ReadOnlyMemory<byte>[]> Bytes(ReadOnlyMemory<byte>[] values) =>
        new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };
}
