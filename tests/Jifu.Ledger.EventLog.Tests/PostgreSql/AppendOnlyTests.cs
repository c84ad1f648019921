using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>History does not change: the database says so, whoever asks.</summary>
public sealed class AppendOnlyTests(AppendOnlyTests.OneEvent history) : IClassFixture<AppendOnlyTests.OneEvent>
{
    private const string InsufficientPrivilege = "42501";
    private const string RestrictViolation = "23001";

    [Theory]
    [InlineData("UPDATE log.events SET type = 'x'")]
    [InlineData("DELETE FROM log.events")]
    [InlineData("TRUNCATE log.events")]
    [InlineData("DELETE FROM log.batches")]
    [InlineData("UPDATE log.identity SET log_id = gen_random_uuid()")]
    [InlineData("ALTER TABLE log.events DISABLE TRIGGER append_only")]
    [InlineData("ALTER TABLE log.events ADD COLUMN more text")]
    [InlineData("DROP TABLE log.events")]
    [InlineData("DROP SCHEMA log CASCADE")]
    [InlineData("DROP TRIGGER append_only ON log.events")]
    [InlineData("""
        CREATE OR REPLACE FUNCTION log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'
        """)]
    [InlineData("CREATE TABLE log.more (id int)")]
    [InlineData("CREATE TABLE public.more (id int)")]
    [InlineData("SET session_replication_role = replica")]
    [InlineData("SET ROLE jifu_owner")]
    [InlineData("COPY log.events TO PROGRAM 'cat'")]
    [InlineData("INSERT INTO public.schema_migration (module, name, checksum) VALUES ('log', '999', '')")]
    [InlineData("GRANT UPDATE ON log.events TO jifu_app")]
    public async Task The_app_role_may_only_read_and_append(string sql)
    {
        if (sql.StartsWith("GRANT", StringComparison.Ordinal))
        {
            // PostgreSQL answers a grant of what one does not have with a warning, and grants nothing.
            await SqlState(history.Database.AppConnection, sql);
            sql = "UPDATE log.events SET type = 'x'";
        }

        (await SqlState(history.Database.AppConnection, sql)).ShouldBe(InsufficientPrivilege);
    }

    [Theory]
    [InlineData("UPDATE log.events SET type = 'x'", RestrictViolation)]
    [InlineData("UPDATE log.events SET type = 'x' WHERE false", RestrictViolation)]
    [InlineData("UPDATE log.batches SET root = root", RestrictViolation)]
    [InlineData("UPDATE log.identity SET log_id = gen_random_uuid()", RestrictViolation)]
    [InlineData("DELETE FROM log.events", RestrictViolation)]
    [InlineData("TRUNCATE log.events", RestrictViolation)]
    [InlineData("""
        INSERT INTO log.events SELECT * FROM log.events ON CONFLICT (position) DO UPDATE SET type = 'x'
        """, RestrictViolation)]
    [InlineData("SET session_replication_role = replica; DELETE FROM log.events", InsufficientPrivilege)]
    public async Task The_owner_cannot_change_history_by_mistake(string sql, string state) =>
        (await SqlState(history.Database.OwnerConnection, sql)).ShouldBe(state);

    [Theory]
    [InlineData("UPDATE log.events SET type = 'x'")]
    [InlineData("DELETE FROM log.events")]
    [InlineData("TRUNCATE log.events")]
    public async Task Replication_mode_does_not_open_a_door_even_to_a_superuser(string sql) =>
        (await SqlState(history.Database.SuperuserConnection, $"SET session_replication_role = replica; {sql}"))
            .ShouldBe(RestrictViolation);

    [Theory]
    [InlineData("-1", "'test-1'", "1", 32)]
    [InlineData("1", "'test-1'", "-1", 32)]
    [InlineData("1", "'nohyphen'", "1", 32)]
    [InlineData("1", "'-1'", "1", 32)]
    [InlineData("0", "'test-2'", "0", 32)]
    [InlineData("1", "'test-1'", "0", 32)]
    [InlineData("1", "'test-1'", "1", 31)]
    public async Task A_row_that_must_never_be_is_refused(
        string position, string stream, string version, int linkBytes) =>
        (await SqlState(history.Database.AppConnection, $"""
            INSERT INTO log.events
                (position, stream, version, event_id, type, recorded_at, actor, correlation_id, link, payload)
            VALUES (
                {position}, {stream}, {version}, gen_random_uuid(), 'test.happened', now(), 'a', 'c',
                decode(repeat('00', {linkBytes}), 'hex'), '')
            """)).ShouldBeOneOf("23505", "23514");

    /// <summary>A log that holds one event, for all facts: none of them changes it.</summary>
    public sealed class OneEvent : IAsyncLifetime
    {
        public TestDatabase Database { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Database = await TestDatabase.Create();
            await Execute(Database.AppConnection, """
                INSERT INTO log.events
                    (position, stream, version, event_id, type, recorded_at, actor, correlation_id, link, payload)
                VALUES (
                    0, 'test-1', 0, gen_random_uuid(), 'test.happened', now(), 'a', 'c',
                    decode(repeat('00', 32), 'hex'), '')
                """);
        }

        public async Task DisposeAsync() => await Database.DisposeAsync();
    }

    private static async Task<string?> SqlState(string connection, string sql)
    {
        try
        {
            await Execute(connection, sql);
            return null;
        }
        catch (PostgresException e)
        {
            return e.SqlState;
        }
    }

    private static async Task Execute(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
