using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Tests.Audit;

/// <summary>A server with some trade of one merchant.</summary>
public sealed class AuditedServer : IAsyncLifetime
{
    public ServerUnderTest Running { get; } = new();
    internal Shop Shop { get; private set; } = null!;
    internal RequestSigner Auditor { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Running.InitializeAsync();
        Shop = await Shop.Open(Running, "m1", new(SplitPpm: 50_000));
        var key = new HomeFolder(Running.Home).ReadAuditorKey()!;
        Auditor = RequestSigner.Hmac(key.KeyId, Convert.FromBase64String(key.Secret), TimeProvider.System);
        await Trade("1");
    }

    public async Task Trade(string name)
    {
        await Shop.Paid($"{name}-a", 10_000);
        var payment = await Shop.Paid($"{name}-b", 2_345);
        await Shop.Refund(payment, "r1", 345);
        await Running.CaughtUp();
    }

    /// <summary>Events that this program does not know.</summary>
    internal async Task Strangers(byte[][] payloads)
    {
        await using var log = new PostgreSqlEventLog(Running.Database.AppConnection, TimeProvider.System);
        await log.Append(
            new("payment", "stranger"), -1,
            [.. payloads.Select(payload => new EventToAppend(Guid.NewGuid(), "payment.unheard_of", payload))],
            new("test", "test"), default);
    }

    public Task DisposeAsync() => Running.DisposeAsync();
}
