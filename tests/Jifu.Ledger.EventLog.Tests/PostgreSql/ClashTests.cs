using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.EventLog.Tests.PostgreSql;

/// <summary>The database rolls an append back because it ran into another transaction (F13): a serialization failure or
/// a deadlock.</summary>
public sealed class ClashTests : IAsyncLifetime
{
    private readonly IdSource _ids = IdSource.TimeOrdered(TimeProvider.System);
    private TestDatabase _database = null!;

    public async Task InitializeAsync() => _database = await TestDatabase.Create();

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Theory]
    [InlineData("serialization_failure")]
    [InlineData("deadlock_detected")]
    public async Task A_clash_is_tried_again_a_few_times_and_counts_once(string condition)
    {
        await Clash(condition, times: 3);
        await using var log = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        (await Append(log)).ShouldBe(new(AppendOutcome.Appended, 0, 0));
        (await log.ReadAll(-1, 10, default)).Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("serialization_failure")]
    [InlineData("deadlock_detected")]
    public async Task Whoever_always_clashes_is_told_that_nothing_was_written(string condition)
    {
        await Clash(condition, times: 1_000_000);
        await using var log = new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System);
        await Should.ThrowAsync<EventLogOverloadedException>(Append(log));
        (await log.Head(default)).ShouldBe(-1);
        (await Value("SELECT last_value FROM public.clashes")).ShouldBeInRange(2, 6);
    }

    private Task<AppendResult> Append(PostgreSqlEventLog log) => log.Append(
        new("test", "s-1"), -1, [new(_ids.Next(), "test.happened", new byte[] { 1 })], new("key-7", "request-1"),
        default);

    // A sequence does not roll back, so it counts the tries.
    private Task<long> Clash(string condition, int times) => Value($"""
        CREATE SEQUENCE public.clashes;
        CREATE FUNCTION public.clash() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
        BEGIN
            IF nextval('public.clashes') <= {times} THEN
                RAISE EXCEPTION 'forced' USING ERRCODE = '{condition}';
            END IF;
            RETURN NULL;
        END
        $$;
        CREATE TRIGGER clash AFTER INSERT ON log.events FOR EACH STATEMENT EXECUTE FUNCTION public.clash();
        SELECT 0::bigint;
        """);

    private async Task<long> Value(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        await connection.OpenAsync();
#pragma warning disable CA2100 // The test's own text.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
