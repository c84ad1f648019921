using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.TestKit;

public class TestDatabaseTests
{
    [Fact]
    public async Task Each_test_has_a_database_of_its_own()
    {
        await using var first = await TestDatabase.Create();
        await using var second = await TestDatabase.Create();
        first.Name.ShouldNotBe(second.Name);
        (await Count(first.OwnerConnection)).ShouldBe(0L);
        (await Count(second.AppConnection)).ShouldBe(0L);
    }

    private static async Task<object?> Count(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM log.events", connection);
        return await command.ExecuteScalarAsync();
    }
}
