using System.Diagnostics;
using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>Rebuilds and checks while somebody holds the tables for long, as a backup does, or while the log does not
/// answer.</summary>
public class HeldTablesTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_rebuild_waits_for_a_backup_to_end_says_who_it_is_and_keeps_nobody_else_waiting()
    {
        await using var company = await Damaged();
        var told = new List<string>();
        await using var backup = await Holder.Of(company, "views.payment", "pg_dump");
        var running = Telling(company, told).Run(Projections.All, new Progress<(long, long)>(), default);
        await Until(() => told.Count > 0 || running.IsCompleted);

        // Meanwhile whoever reads or projects is not kept waiting: a busy machine may be slow a few times.
        var slow = 0;
        for (var i = 0; i < 20; i++)
        {
            var since = Stopwatch.GetTimestamp();
            await company.Number("SELECT count(*) FROM views.payment");
            await company.Execute("UPDATE views.checkpoint SET position = position WHERE projection = 'payments'");
            slow += Stopwatch.GetElapsedTime(since) > TimeSpan.FromMilliseconds(400) ? 1 : 0;
            await Task.Delay(100);
        }

        slow.ShouldBeLessThan(6);

        await company.Pay("m1", "2", 50_00, Friday);
        await company.CatchUp();
        running.IsCompleted.ShouldBeFalse();
        told[0].ShouldMatch(
            $@"^the tables, which are held by the session {backup.ProcessId} \(pg_dump\) since \S+Z or earlier$");
        await backup.DisposeAsync();

        (await running.WaitAsync(Patience)).Tables.Where(table => !table.Identical).Select(table => table.Name)
            .ShouldBe(["payment"]);
        (await company.Number("SELECT sum(fee_minor) FROM views.payment")).ShouldBe(90);
        told.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_a_backup_holds_of_a_killed_rebuild_keeps_no_start_waiting_and_no_check()
    {
        await using var company = await Damaged();
        await company.Execute("""
            CREATE SCHEMA views_rebuild; CREATE TABLE views_rebuild.payment (id int);
            CREATE SCHEMA views_check; CREATE TABLE views_check.left_over (id int)
            """);
        await using (var backup = await Holder.Of(company, "views_rebuild.payment", "pg_dump"))
        {
            (await Rebuild.Sweep(company.Owner, default).WaitAsync(Patience)).ShouldBe(["views_rebuild"]);
        }

        (await Rebuild.Sweep(company.Owner, default)).ShouldBeEmpty();
        (await company.Number("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'views\\_%'")).ShouldBe(0);
    }

    [Fact]
    public async Task A_log_that_does_not_answer_for_some_seconds_ends_no_check()
    {
        await using var company = await Damaged();
        Task<RebuildReport> running;
        await using (await Holder.Of(company, "log.events", "somebody", "ACCESS EXCLUSIVE"))
        {
            running = company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default);
            await Task.WhenAny(running, Task.Delay(TimeSpan.FromSeconds(6)));
        }

        (await running.WaitAsync(Patience)).Identical.ShouldBeFalse();
    }

    [Theory]
    [InlineData("log.events", "the event log, which is")]
    [InlineData("views.payment", "the tables, which are")]
    [InlineData("views.checkpoint", "the tables, which are")]
    public async Task Whom_a_check_and_a_rebuild_wait_for_before_they_can_read_is_told_within_seconds(
        string table, string held)
    {
        await using var company = await Damaged();
        foreach (var isCheck in new[] { true, false })
        {
            var told = new List<string>();
            var rebuild = Telling(company, told);
            Task<RebuildReport> running;
            await using (var holder = await Holder.Of(company, table, "psql", "ACCESS EXCLUSIVE"))
            {
                running = isCheck
                    ? rebuild.Check(Projections.All, new Progress<(long, long)>(), default)
                    : rebuild.Run(Projections.All, new Progress<(long, long)>(), default);
                await Until(() => told.Count > 0, TimeSpan.FromSeconds(8));
                told[0].ShouldMatch(
                    $@"^{held} held by the session {holder.ProcessId} \(psql\) since \S+Z or earlier$");
            }

            (await running.WaitAsync(Patience)).Tables.Where(one => !one.Identical).Select(one => one.Name)
                .ShouldBe(["payment"]);
            told.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task Who_waits_for_the_log_alone_and_keeps_us_from_it_is_told_with_whom_he_waits_for()
    {
        await using var company = await Damaged();
        var told = new List<string>();
        Task<RebuildReport> running;
        Task<Holder> waiting;
        await using (var backup = await Holder.Of(company, "log.events", "pg_dump"))
        {
            waiting = Holder.Of(company, "log.events", "psql", "ACCESS EXCLUSIVE");
            await Task.Delay(500);
            running = Telling(company, told).Check(Projections.All, new Progress<(long, long)>(), default);
            await Until(() => told.Count > 0, TimeSpan.FromSeconds(8));
            told[0].ShouldMatch(
                $@"^the event log, which is held by the session \d+ \(psql\), itself waiting for {backup.ProcessId}, "
                + @"since \S+Z or earlier$");
        }

        await (await waiting).DisposeAsync();
        (await running.WaitAsync(Patience)).Identical.ShouldBeFalse();
    }

    private static Rebuild Telling(Company company, List<string> told) => new(
        company.Log, LedgerEvents.Codec, company.Owner, TimeProvider.System, said =>
        {
            lock (told)
                told.Add(said);
        });

    private static async Task<Company> Damaged()
    {
        var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await company.Execute("UPDATE views.payment SET fee_minor = 1");
        return company;
    }

    private static async Task Until(Func<bool> holds, TimeSpan? patience = null)
    {
        for (var since = Stopwatch.StartNew(); !holds() && since.Elapsed < (patience ?? Patience);)
            await Task.Delay(20);
        holds().ShouldBeTrue();
    }

    /// <summary>A transaction that has read a table, or locked it, and stays open.</summary>
    private sealed class Holder : IAsyncDisposable
    {
        private readonly NpgsqlConnection _connection;

        private Holder(NpgsqlConnection connection) => _connection = connection;

        public int ProcessId => _connection.ProcessID;

        public static async Task<Holder> Of(
            Company company, string table, string name, string mode = "ACCESS SHARE")
        {
            var holder = new Holder(new(new NpgsqlConnectionStringBuilder(company.SuperuserConnection)
            {
                ApplicationName = name, Pooling = false,
            }.ConnectionString));
            await holder._connection.OpenAsync();
#pragma warning disable CA2100 // Of the tests themselves.
            await using var command = new NpgsqlCommand(
                $"BEGIN; LOCK TABLE {table} IN {mode} MODE", holder._connection);
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
            return holder;
        }

        public ValueTask DisposeAsync() => _connection.DisposeAsync();
    }
}
