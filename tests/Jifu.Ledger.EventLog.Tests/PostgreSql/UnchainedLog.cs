using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>A log as it was before events were chained, with events in it.</summary>
internal static class UnchainedLog
{
    public static async Task Make(TestDatabase database, int events)
    {
        foreach (var file in SchemaModule.EventLog.Files().Take(3))
        {
            await database.Execute(file.Text);
            await database.Execute($"""
                INSERT INTO public.schema_migration (module, name, checksum)
                VALUES ('{file.Module}', '{file.Name}', '{file.Checksum}')
                """);
        }

        await database.Execute($"""
            INSERT INTO log.events
            SELECT n, '付款-' || n / 3, n % 3, gen_random_uuid(), 'test.happened',
                '2026-02-28 23:59:59.999999Z'::timestamptz + n * '1.000001 s'::interval, '操作员', 'request-' || n,
                CASE WHEN n % 2 = 0 THEN 'notice-' || n END, decode(repeat('00ff', (n % 50)::int), 'hex')
            FROM generate_series(0::bigint, {events} - 1) AS n
            """);
    }

    public static async Task<string> Sum(this TestDatabase database, string column) =>
        (await database.Rows($"SELECT md5(string_agg({column}::text, ',' ORDER BY position)) FROM log.events"))[0];

    /// <summary>What a query says: a line for each row, the columns apart by a space.</summary>
    public static async Task<List<string>> Rows(this TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.AppConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            var row = new object[reader.FieldCount];
            reader.GetValues(row);
            rows.Add(string.Join(' ', row));
        }

        return rows;
    }

    /// <summary>As the owner, who migrates.</summary>
    public static async Task Execute(this TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.OwnerConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
