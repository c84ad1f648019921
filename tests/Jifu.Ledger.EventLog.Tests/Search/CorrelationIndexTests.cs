using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.Search;

/// <summary>What came of one request is found without looking at the whole log.</summary>
public sealed class CorrelationIndexTests
{
    [Fact]
    public async Task One_request_among_many_is_found_by_its_index()
    {
        await using var database = await TestDatabase.Create();
        await using var source = NpgsqlDataSource.Create(database.AppConnection);
        await using (var log = new PostgreSqlEventLog(database.AppConnection, TimeProvider.System))
        {
            var ids = IdSource.TimeOrdered(TimeProvider.System);
            for (var i = 0; i < 40; i++)
            {
                await Task.WhenAll(Enumerable.Range(0, 100).Select(n => log.Append(
                    new("bulk", $"{i}_{n}"), -1,
                    [.. Enumerable.Range(0, 25).Select(_ => new EventToAppend(ids.Next(), "test.bulk", new byte[300]))],
                    new("test", $"request {i} {n}"), default)));
            }
        }

        await Execute(database.SuperuserConnection, "VACUUM ANALYZE log.events");
        var search = new PostgreSqlEventSearch(source);
        (await search.After(-1, new(CorrelationId: "request 20 50"), 100, default)).Events.Count.ShouldBe(25);

        var plan = await search.Explained(new(CorrelationId: "request 3 14"), default);
        plan.ShouldContain("Bitmap Index Scan on events_by_correlation");
        plan.ShouldNotContain("Seq Scan");
        plan.ShouldMatch("rows=25 ");
    }

    private static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
