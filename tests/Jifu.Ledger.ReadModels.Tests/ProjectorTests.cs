using Jifu.Ledger.EventLog;
using Jifu.Ledger.ReadModels.Payments;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Jifu.Ledger.ReadModels.Tests;

/// <summary>What happens to projections when the database, or another process, comes between.</summary>
public class ProjectorTests
{
    private static readonly BusinessDay Friday = Company.Friday;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_connection_that_the_database_ends_stops_no_projection(int keepAliveSeconds)
    {
        await using var company = await Company.Found();
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(company.AppConnection)
        {
            KeepAlive = keepAliveSeconds,
        });
        var projector = ProjectorOn(company, source);
        using var stop = new CancellationTokenSource();
        var running = projector.Run(stop.Token);
        await company.Pay("m1", "1", 1_00, Friday);
        await Reached(company, projector);

        // The loss shows with the next page, or before it to the driver that looks after the connection.
        await company.EndConnections();
        await Task.Delay(TimeSpan.FromSeconds(2 * keepAliveSeconds), TimeProvider.System);
        await company.Pay("m1", "2", 1_00, Friday);
        await Reached(company, projector);

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    [Fact]
    public async Task Two_processes_on_one_database_stop_no_projection_and_both_see_all_that_is_projected()
    {
        await using var company = await Company.Found();
        var other = ProjectorOn(company, company.Source);
        using var stop = new CancellationTokenSource();
        Task[] running = [company.Projector.Run(stop.Token), other.Run(stop.Token)];
        for (var i = 0; i < 25; i++)
        {
            await company.Pay("m1", $"{i}", 1_00, Friday);
            await Reached(company, company.Projector);
            await Reached(company, other);
        }

        await stop.CancelAsync();
        foreach (var run in running)
            await Should.ThrowAsync<OperationCanceledException>(run);
    }

    [Fact]
    public async Task Refunds_that_two_processes_project_at_once_stop_neither()
    {
        await using var company = await Company.Found();
        var other = ProjectorOn(company, company.Source);
        using var stop = new CancellationTokenSource();
        Task[] running = [company.Projector.Run(stop.Token), other.Run(stop.Token)];
        var paid = await company.Pay("m1", "1", 100_00, Friday);
        for (var i = 0; i < 25; i++)
        {
            await company.RequestRefund(paid, $"r{i}", 1_00, Friday);
            await Reached(company, company.Projector);
            await Reached(company, other);

            // Whoever comes second would give back once more what is held no longer.
            await company.EndRefund(paid, $"r{i}", 1_00, Friday);
            await Reached(company, company.Projector);
            await Reached(company, other);
        }

        await stop.CancelAsync();
        foreach (var run in running)
            await Should.ThrowAsync<OperationCanceledException>(run);
        (await company.Number("SELECT refunded_minor FROM views.payment")).ShouldBe(25_00);
        (await company.Number("SELECT refund_held_minor FROM views.payment")).ShouldBe(0);
    }

    [Fact]
    public async Task Whoever_waits_for_a_position_gets_rows_that_a_crash_of_the_database_took_back()
    {
        await using var company = await Company.Found();
        using var stop = new CancellationTokenSource();
        var running = company.Projector.Run(stop.Token);
        await company.Pay("m1", "1", 1_00, Friday);
        await Reached(company, company.Projector);

        // What is committed without waiting for the disk is not there after a crash.
        await using (var lose = company.Owner.CreateCommand(
            $"TRUNCATE {string.Join(", ", Projections.All.SelectMany(p => p.Tables).Select(t => $"views.{t}"))}; "
            + "UPDATE views.checkpoint SET position = -1"))
            await lose.ExecuteNonQueryAsync();
        await Reached(company, company.Projector);
        (await new PaymentQueries(company.Views).Find(PaymentId.Of(new("m1"), "1"), default)).ShouldNotBeNull();

        await stop.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(running);
    }

    private static Projector ProjectorOn(Company company, NpgsqlDataSource source) => new(
        company.Log, LedgerEvents.Codec, source, Projections.All, TimeProvider.System,
        NullLogger<Projector>.Instance);

    private static async Task Reached(Company company, Projector projector) =>
        await projector.WaitFor(await company.Log.Head(default), default).WaitAsync(Patience);
}
