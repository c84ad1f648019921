using System.Diagnostics;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Server.Composition;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.Faults;

/// <summary>Another server of the same database is stopped, or loses its network, in the middle of writing.</summary>
public sealed class SilentServerTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Theory]
    [InlineData("between two statements", 13)]
    [InlineData("within a copy", 20)]
    public async Task A_server_that_falls_silent_in_a_page_does_not_keep_the_views_and_notices_of_another(
        string where, int secondsMax)
    {
        await using var silent = Databases.Of(server.Database.AppConnection);
        await using var connection = await silent.Durable.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("UPDATE views.checkpoint SET position = position");
        if (where == "within a copy")
        {
            await connection.ExecuteAsync("CREATE TEMPORARY TABLE page (n int)");
            await connection.BeginBinaryImportAsync("COPY page FROM STDIN (FORMAT BINARY)");
        }
        else
        {
            await connection.ExecuteAsync("UPDATE notices.checkpoint SET position = position");
        }

        var began = Stopwatch.StartNew();
        await using (var log = new PostgreSqlEventLog(server.Database.AppConnection, TimeProvider.System))
            (await log.Append(
                new("ext.shop", $"{Guid.NewGuid():N}"), -1, [new(Guid.NewGuid(), "ext.sold", "{}"u8.ToArray())],
                new("other", "other"), default)).Outcome.ShouldBe(AppendOutcome.Appended);
        var head = await server.Head();
        await RunningServer.Until(async () => await server.AsSuperuser<long>(
            "SELECT least((SELECT min(position) FROM views.checkpoint), (SELECT position FROM notices.checkpoint))")
            >= head);
        began.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(secondsMax));
        await server.CaughtUp();

        // Its own rollback would only fail.
        NpgsqlConnection.ClearPool(connection);
    }

    [Fact]
    public async Task A_server_that_falls_silent_with_a_row_of_the_schedule_does_not_keep_it()
    {
        await using var source = NpgsqlDataSource.Create(Schedule.Schedule.ConnectionTo(server.Database.AppConnection));
        await using var connection = await source.OpenConnectionAsync();
        await connection.ExecuteAsync("BEGIN; SELECT * FROM qrtz_locks FOR UPDATE");
        var process = connection.ProcessID;
        await Task.Delay(TimeSpan.FromSeconds(12));
        (await server.AsSuperuser<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = @process", new { process })).ShouldBe(0);
    }
}
