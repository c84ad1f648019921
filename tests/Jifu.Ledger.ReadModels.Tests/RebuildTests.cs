using Jifu.Ledger.EventLog;

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
