using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Quartz;

namespace Jifu.Ledger.Server.Tests;

/// <summary>A whole server inside the test's own process. Its schedule stands still until a test fires a job.</summary>
public class ServerUnderTest : RunningServer
{
    private WebApplication _app = null!;

    internal Probe Probe { get; private set; } = null!;

    protected override async Task Start()
    {
        _app = await LedgerServer.Build(Arguments(Home, Port));
        Probe = new(_app);
        await _app.StartAsync();

        // What happens by itself happens when a test says so. The schedule starts a moment after the server does.
        var schedule = await Schedule();
        await Until(() => Task.FromResult(schedule.Status == SchedulerStatus.Running));
        await schedule.Standby();
    }

    protected override async Task Stop()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>What stands for something inside the server.</summary>
    public T Room<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    /// <summary>Stops the server and starts it anew, on the same database and home.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    /// <summary>Lets the schedule run, and fires one of its jobs.</summary>
    public async Task Fire(string job)
    {
        var schedule = await Schedule();
        await schedule.Start();
        await schedule.TriggerJob(new JobKey(job));
    }

    private async Task<IScheduler> Schedule() =>
        await _app.Services.GetRequiredKeyedService<ISchedulerFactory>("jifu").GetScheduler();

    /// <summary>Registers a merchant with a plain set of terms and gives it a secret.</summary>
    public async Task<RequestSigner> Merchant(string id)
    {
        (await AsOperator("POST", "/v1/merchants", Registration(id))).Status.ShouldBe(201);
        var key = await AsOperator("POST", $"/v1/merchants/{id}/keys", """{"algorithm":"hmac_sha256"}""");
        key.Status.ShouldBe(201);
        return RequestSigner.Hmac(key["key_id"], Convert.FromBase64String(key["secret"]), TimeProvider.System);
    }

    public static string Registration(string id) => """
        {"merchant_id":"MERCHANT","name":"测试商户","payout_account":"bank-1","settlement_term":"t1",
         "fee_plan":{"on_refund":"returned","rates":[{"channel":"sandbox","rate_ppm":6000}]}}
        """.Replace("MERCHANT", id, StringComparison.Ordinal);
}

/// <summary>One server for all tests that leave it as it was.</summary>
[CollectionDefinition("server")]
public sealed class ServerGroup : ICollectionFixture<ServerUnderTest>;

/// <summary>One server for all tests of what merchants do, each with merchants of its own.</summary>
[CollectionDefinition("shops")]
public sealed class ShopGroup : ICollectionFixture<ServerUnderTest>;
