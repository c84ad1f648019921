using System.Data;
using System.Runtime.CompilerServices;
using Dapper;
using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>The read models' database as queries see it. Columns come back under the names of members:
/// <c>payment_id</c> is <c>PaymentId</c>; moments are UTC.</summary>
public sealed class ViewDatabase(NpgsqlDataSource source)
{
    private const int LongestSeconds = 3_600;

    static ViewDatabase()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;

        // Dapper knows moments already, but would send them with their offset, which PostgreSQL's driver refuses.
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset));
        SqlMapper.RemoveTypeMap(typeof(DateTimeOffset?));
        SqlMapper.AddTypeHandler(new Moment());
        SqlMapper.AddTypeHandler(new Day());
        SqlMapper.AddTypeHandler(new Date());
    }

    internal async Task<IReadOnlyList<T>> List<T>(string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await CallerPatience.Open(source, cancellation);
        return (await connection.QueryAsync<T>(Command(sql, arguments, cancellation))).AsList();
    }

    /// <summary>The same for what looks at rows by the million: it is given far more time.</summary>
    internal async Task<IReadOnlyList<T>> ListInTime<T>(
        string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await source.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<T>(
            new(sql, arguments, commandTimeout: LongestSeconds, cancellationToken: cancellation))).AsList();
    }

    internal async Task<T?> One<T>(string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await CallerPatience.Open(source, cancellation);
        return await connection.QuerySingleOrDefaultAsync<T>(Command(sql, arguments, cancellation));
    }

    internal async Task<T> Value<T>(string sql, object? arguments, CancellationToken cancellation)
    {
        await using var connection = await CallerPatience.Open(source, cancellation);
        return (await connection.ExecuteScalarAsync<T>(Command(sql, arguments, cancellation)))!;
    }

    /// <summary>Rows one by one, for results that may be longer than memory likes.</summary>
    internal async IAsyncEnumerable<T> Rows<T>(
        string sql, object? arguments, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var connection = await CallerPatience.Open(source, cancellation);
        await using var reader = await connection.ExecuteReaderAsync(
            Command(sql, arguments, cancellation), CommandBehavior.SingleResult);
        var parse = reader.GetRowParser<T>();
        while (await reader.ReadAsync(cancellation))
            yield return parse(reader);
    }

    private static CommandDefinition Command(string sql, object? arguments, CancellationToken cancellation) =>
        new(sql, arguments, cancellationToken: cancellation);

    private sealed class Moment : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) =>
            new(DateTime.SpecifyKind((DateTime)value, DateTimeKind.Utc));

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) =>
            parameter.Value = value.ToUniversalTime();
    }

    private sealed class Day : SqlMapper.TypeHandler<BusinessDay>
    {
        public override BusinessDay Parse(object value) =>
            new(value is DateTime time ? DateOnly.FromDateTime(time) : (DateOnly)value);

        public override void SetValue(IDbDataParameter parameter, BusinessDay value) => parameter.Value = value.Date;
    }

    private sealed class Date : SqlMapper.TypeHandler<DateOnly>
    {
        public override DateOnly Parse(object value) =>
            value is DateTime time ? DateOnly.FromDateTime(time) : (DateOnly)value;

        public override void SetValue(IDbDataParameter parameter, DateOnly value) => parameter.Value = value;
    }
}
