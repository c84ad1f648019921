using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F16: two servers on one database under load, and a newer program that writes an event which both of them do
/// not know.</summary>
/// <remarks>The second server is the same program, unless <c>JIFU_OLD_SERVER</c> names the
/// <c>Jifu.Ledger.Server.dll</c> of an older build. The two share the load.</remarks>
internal static class TwoVersions
{
    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        var old = Environment.GetEnvironmentVariable("JIFU_OLD_SERVER");
        verdict.Told(old is null ? "the second server is the same program" : "the second server is an older program");
        var second = await house.StartSecondServer(old ?? LedgerServer.Ours);

        house.Street.AlsoAt(second);
        house.Street.Open();
        await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
        var (position, stream) = await ByANewerProgram(house);
        var before = house.Street.Acknowledged;
        await Task.Delay(TimeSpan.FromSeconds(Math.Max(options.Seconds, 3)));
        await house.Street.Close();
        await house.Street.Settle();

        verdict.Holds(
            "payments go on, on both", house.Street.Acknowledged > before,
            Invariant($"{house.Street.Acknowledged - before} acknowledged after it"));
        await Until(async () => await house.Server.Health() == 503 && await second.Health() == 503);
        var (lowest, highest) = (
            await house.Cluster.Value<long>("SELECT min(position) FROM views.checkpoint"),
            await house.Cluster.Value<long>("SELECT max(position) FROM views.checkpoint"));
        verdict.Holds(
            "every view stands right before it", lowest == position - 1 && highest == position - 1,
            Invariant($"the event is {position}, views stand at {lowest} to {highest}"));
        var notices = await house.Cluster.Value<long>("SELECT position FROM notices.checkpoint");
        verdict.Holds("no notice was made past it", notices == position - 1, Invariant($"{notices}"));
        verdict.Holds(
            "both servers say that they are not ready",
            await house.Server.Health() == 503 && await second.Health() == 503);
        var views = await house.Street.AsOperator("GET", "/v1/ops/projections");
        var told = views.Content.AsSpan().IndexOf("payment.teleported"u8) >= 0;
        verdict.Holds("the operator is told which event it is", told);
        var refund = await stream.Refund();
        verdict.Holds(
            "a command to that payment is refused by name", refund["code"] == "record_unreadable", $"{refund}");
        house.Street.Strange.Clear();
        await house.Books.Once(verdict);
    }

    private static async Task<(long Position, Purchase Purchase)> ByANewerProgram(House house)
    {
        var purchase = house.Street.Next();
        await purchase.Insist();
        await using var log = new PostgreSqlEventLog(house.Cluster.App, TimeProvider.System);
        var stream = new StreamName("payment", purchase.PaymentId!);
        var version = (await log.ReadStream(stream, -1, 1000, default))[^1].Version;
        var result = await log.Append(
            stream, version, [new(Guid.NewGuid(), "payment.teleported", "{}"u8.ToArray())], new("newer", "newer"),
            default);
        return (result.Position, purchase);
    }

    private static async Task Until(Func<Task<bool>> isSo)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (!await isSo() && TimeProvider.System.GetElapsedTime(since).TotalSeconds < 30)
            await Task.Delay(200);
    }
}
