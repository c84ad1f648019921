using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

public sealed class MigratorTests : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task A_file_is_applied_once()
    {
        (await Migrate("Good")).ShouldBe(["fixture/002_thing.sql"]);
        (await Migrate("Good")).ShouldBeEmpty();
        (await Migrator.Migrate(_database.OwnerConnection, [SchemaModule.EventLog], default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Programs_that_start_together_take_turns()
    {
        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Migrate("Good")));
        applied.Sum(files => files.Count).ShouldBe(1);
    }

    [Fact]
    public async Task An_edited_file_stops_the_start()
    {
        await Migrate("Good");
        (await Should.ThrowAsync<SchemaMismatchException>(Migrate("Edited"))).Message.ShouldBe(
            "fixture/002_thing.sql was edited after it had been applied to this database. "
            + "Put the file back as it was, and say what is new in a new file.");
    }

    [Fact]
    public async Task A_new_file_comes_after_those_that_were_applied()
    {
        await Migrate("Good");
        (await Should.ThrowAsync<SchemaMismatchException>(Migrate("Late"))).Message.ShouldBe(
            "fixture/001_earlier.sql is new but sorts before 002_thing.sql, which is applied already. "
            + "Give it a higher number.");
    }

    [Fact]
    public async Task A_file_that_fails_leaves_nothing_half_done()
    {
        (await Should.ThrowAsync<SchemaMismatchException>(Migrate("Broken"))).Message.ShouldBe(
            "fixture/003_broken.sql does not apply: relation \"half\" already exists (42P07)");
        (await Migrate("Good")).ShouldBeEmpty();
        await using var connection = new NpgsqlConnection(_database.OwnerConnection);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT to_regclass('public.half') IS NULL", connection);
        (await command.ExecuteScalarAsync()).ShouldBe(true);
    }

    [Fact]
    public async Task A_module_without_files_is_a_mistake() =>
        await Should.ThrowAsync<InvalidOperationException>(Migrate("Nowhere"));

    [Fact]
    public async Task Preparing_a_cluster_can_be_repeated_and_the_last_password_counts()
    {
        // The roles are the cluster's, so this one is not shared with tests that use other passwords.
        using var cluster = TestCluster.Start(durable: false);
        await Bootstrap.Prepare(cluster.SuperuserConnection, "ledger", "first", "first", default);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ =>
            Bootstrap.Prepare(cluster.SuperuserConnection, "ledger", "it's \\ new", "app", default)));
        var owner = new NpgsqlConnectionStringBuilder(cluster.SuperuserConnection)
        {
            Database = "ledger",
            Username = Bootstrap.OwnerRole,
            Password = "it's \\ new",
        };
        (await Migrator.Migrate(owner.ConnectionString, [SchemaModule.EventLog], default))
            .Count.ShouldBe(SchemaModule.EventLog.Files().Count);
        owner.Password = "first";
        (await Should.ThrowAsync<PostgresException>(
            Migrator.Migrate(owner.ConnectionString, [SchemaModule.EventLog], default))).SqlState.ShouldBe("28P01");
    }

    private Task<IReadOnlyList<string>> Migrate(string fixture) => Migrator.Migrate(
        _database.OwnerConnection,
        [new("fixture", GetType().Assembly, $"{GetType().Namespace}.SchemaFixtures.{fixture}.")],
        default);
}
