using Jifu.Ledger.EventLog;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>Read models made again, compared, and put in place of the live ones.</summary>
public class RebuildTests
{
    private static readonly BusinessDay Friday = Company.Friday;

    [Fact]
    public async Task A_check_names_the_rows_that_somebody_has_changed_and_changes_nothing()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.Pay("m1", "2", 50_00, Friday);
        await company.CatchUp();
        (await Check(company)).Identical.ShouldBeTrue();

        await company.Execute("UPDATE views.payment SET fee_minor = 1 WHERE merchant_order_no = '2'");
        await company.Execute("DELETE FROM views.channel_line WHERE amount_minor = 10000");
        var report = await Check(company);

        report.Identical.ShouldBeFalse();
        report.Tables.Where(table => !table.Identical).Select(table => table.Name)
            .ShouldBe(["payment", "channel_line"], ignoreOrder: true);
        var changed = report.Tables.Single(table => table.Name == "payment").Differing.ShouldHaveSingleItem();
        changed.Live.ShouldNotBeNull().ShouldContain(",5000,1,");
        changed.FromLog.ShouldNotBeNull().ShouldContain(",5000,30,");
        var gone = report.Tables.Single(table => table.Name == "channel_line").Differing.ShouldHaveSingleItem();
        gone.Live.ShouldBeNull();
        (await Check(company)).Identical.ShouldBeFalse();
        (await Schemas(company)).ShouldBe(0);
    }

    [Fact]
    public async Task Any_read_model_is_known_as_of_any_position()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        var then = await company.Log.Head(default);
        await company.Pay("m1", "2", 50_00, Friday);
        var replay = new Replay(company.Log, LedgerEvents.Codec, company.Owner, TimeProvider.System);

        (await replay.Into("views_then", Projections.All, then, null, default)).ShouldBe(then);
        (await company.Number("SELECT count(*) FROM views_then.payment")).ShouldBe(1);
        (await company.Number("SELECT count(*) FROM views.payment")).ShouldBe(0);
        (await replay.Into("views_then", Projections.All, long.MaxValue, null, default)).ShouldBeGreaterThan(then);
        (await company.Number("SELECT count(*) FROM views_then.payment")).ShouldBe(2);
        await replay.Drop("views_then", default);
        (await Schemas(company)).ShouldBe(0);
    }

    [Fact]
    public async Task While_one_rebuild_runs_another_is_refused_and_what_a_killed_one_left_is_swept_away()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        using var kill = new CancellationTokenSource();
        var killed = company.Rebuild.Run(Projections.All, new Killing(kill), kill.Token);
        await Should.ThrowAsync<OperationCanceledException>(killed);
        (await Schemas(company)).ShouldBe(1);

        await Rebuild.Sweep(company.Owner, default);
        (await Schemas(company)).ShouldBe(0);
        var first = new Holding();
        var running = company.Rebuild.Run(Projections.All, first, default);
        await first.Begun;
        await Should.ThrowAsync<RebuildUnderWayException>(
            company.Rebuild.Run(Projections.All, new Progress<(long, long)>(), default));
        first.GoOn();
        (await running).Identical.ShouldBeTrue();
        (await Schemas(company)).ShouldBe(0);
    }

    [Fact]
    public async Task A_rebuild_whose_lock_was_lost_puts_nothing_in_place_of_the_live_rows()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        await company.Execute("UPDATE views.payment SET fee_minor = 1");
        var first = new Holding();
        var running = company.Rebuild.Run(Projections.All, first, default);
        await first.Begun;
        (await company.EndLockHolders()).ShouldBe(1);

        // Another one has begun meanwhile, and its tables have the same names.
        var second = new Holding();
        var other = company.Rebuild.Run(Projections.All, second, default);
        await second.Begun;
        first.GoOn();
        await Should.ThrowAsync<NpgsqlException>(running);
        (await company.Number("SELECT fee_minor FROM views.payment")).ShouldBe(1);
        second.GoOn();
        (await other).Tables.Single(table => table.Name == "payment").Identical.ShouldBeFalse();
        (await company.Number("SELECT fee_minor FROM views.payment")).ShouldBe(60);
        (await Check(company)).Identical.ShouldBeTrue();
    }

    [Fact]
    public async Task A_database_that_gives_no_connection_for_a_moment_does_not_waste_what_was_folded()
    {
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        var folding = new Holding();
        var running = company.Rebuild.Run(Projections.All, folding, default);
        await folding.Begun;
        await LimitConnections(company, 0);
        company.Owner.Clear();
        folding.GoOn();
        await Task.WhenAny(running, Task.Delay(1_500));
        await LimitConnections(company, -1);
        (await running).Identical.ShouldBeTrue();
        (await Schemas(company)).ShouldBe(0);
    }

    [Fact]
    public async Task Tables_made_again_are_set_as_the_live_ones_were()
    {
        const string options =
            "SELECT count(*) FROM pg_class WHERE relnamespace = 'views'::regnamespace AND reloptions IS NOT NULL";
        await using var company = await Company.Found();
        await company.Pay("m1", "1", 100_00, Friday);
        await company.CatchUp();
        var before = await company.Number(options);
        before.ShouldBeGreaterThan(0);
        await company.Rebuild.Run(Projections.All, new Progress<(long, long)>(), default);
        (await company.Number(options)).ShouldBe(before);
    }

    [Fact]
    public async Task While_payments_go_on_a_rebuild_shows_no_reader_an_empty_or_half_view_and_does_nothing_else()
    {
        await using var company = await Company.Found();
        for (var i = 0; i < 40; i++)
            await company.Pay("m1", $"{i}", 1_00, Friday);
        await company.CatchUp();
        using var stop = new CancellationTokenSource();
        var projecting = company.Projector.Run(stop.Token);
        var paying = Pay(company, stop.Token);
        var reading = Read(company, stop.Token);

        var told = new List<(long Reached, long Target)>();
        for (var i = 0; i < 3; i++)
        {
            (await company.Rebuild.Run(Projections.All, new Told(told), default)).Identical.ShouldBeTrue();
        }

        await stop.CancelAsync();
        (await reading).ShouldBeGreaterThan(0);
        var paid = await paying;
        await Should.ThrowAsync<OperationCanceledException>(projecting);
        await company.CatchUp();
        (await company.Number("SELECT count(*) FROM views.payment")).ShouldBe(40 + paid);
        told.ShouldAllBe(at => at.Reached <= at.Target);

        // The log has the payments' events and no other: whoever follows it was told nothing new.
        (await company.Log.Head(default)).ShouldBe(((40 + paid) * 5) - 1);
        (await Check(company)).Identical.ShouldBeTrue();
    }

    // Whoever is in stays; only a superuser still comes in.
    private static async Task LimitConnections(Company company, int limit)
    {
        await using var superuser = NpgsqlDataSource.Create(company.SuperuserConnection);
        await using var command = superuser.CreateCommand(
            $"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT {limit}', current_database()); END $$");
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<int> Pay(Company company, CancellationToken cancellation)
    {
        var paid = 0;
        for (; !cancellation.IsCancellationRequested; paid++)
            await company.Pay("m2", $"{paid}", 1_00, Friday);
        return paid;
    }

    // Figures only grow, and the books balance whenever one looks.
    private static async Task<int> Read(Company company, CancellationToken cancellation)
    {
        var (looks, payments) = (0, 40L);
        for (; !cancellation.IsCancellationRequested; looks++)
        {
            var now = await company.Number("SELECT count(*) FROM views.payment");
            now.ShouldBeGreaterThanOrEqualTo(payments);
            payments = now;
            (await company.Number("SELECT coalesce(sum(amount_minor), 1) FROM views.journal_line")).ShouldBe(0);
        }

        return looks;
    }

    private sealed class Told(List<(long Reached, long Target)> all) : IProgress<(long Reached, long Target)>
    {
        public void Report((long Reached, long Target) value) => all.Add(value);
    }

    private static Task<RebuildReport> Check(Company company) =>
        company.Rebuild.Check(Projections.All, new Progress<(long, long)>(), default);

    private static Task<long> Schemas(Company company) =>
        company.Number("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'views\\_%'");

    private sealed class Killing(CancellationTokenSource kill) : IProgress<(long Reached, long Target)>
    {
        public void Report((long Reached, long Target) value) => kill.Cancel();
    }

    /// <summary>Stands still at the first word of progress until told to go on.</summary>
    private sealed class Holding : IProgress<(long Reached, long Target)>
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _goOn = new();

        public Task Begun => _begun.Task;

        public void GoOn() => _goOn.SetResult();

        public void Report((long Reached, long Target) value)
        {
            _begun.TrySetResult();
            _goOn.Task.GetAwaiter().GetResult();
        }
    }
}
