using System.Text;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.TestKit;
using Npgsql;
using static System.FormattableString;

namespace Jifu.Ledger.Benchmarks;

/// <summary>Orders of 64 callers over HTTP, each signed with a merchant's HMAC key and with an Idempotency-Key of its
/// own, against an empty endpoint of the same server. Size: merchants.</summary>
/// <remarks>The server is a process of its own, on a durable database. A payment by scan ends with the code that the
/// channel has given, and that channel is the sandbox: the same server plays it, so its work is in the figure. Views
/// follow meanwhile; the empty endpoint's turn comes when they have caught up.</remarks>
internal static class Api
{
    private const int Callers = 64;
    private const double Bar = 0.35;
    private const string Target = "/v1/payments";

    private static readonly byte[] Empty = Encoding.ASCII.GetBytes("GET /health/live HTTP/1.1\r\nHost: here\r\n\r\n");

    public static async Task Run(BenchmarkOptions options)
    {
        using var cluster = await UsedCluster.Start();
        await using var database = await TestDatabase.Create(cluster, [SchemaModule.EventLog]);
        await using var source = NpgsqlDataSource.Create(database.SuperuserConnection);
        var home = Directory.CreateTempSubdirectory("jifu-benchmark-").FullName;
        try
        {
            await using var server = await StartedServer.Start(database, home);
            var signers = await Merchants(server, (int)(options.Size ?? 20));
            var lines = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => HttpLine.To(server.Port)));
            await Measured(options, lines, signers, cluster, source, server);
            Array.ForEach(lines, line => line.Dispose());
        }
        finally
        {
            Directory.Delete(home, recursive: true);
        }
    }

    private static async Task Measured(
        BenchmarkOptions options, HttpLine[] lines, IReadOnlyList<RequestSigner> signers, TestCluster cluster,
        NpgsqlDataSource source, StartedServer server)
    {
        // A server that has run for a while has compiled its code for good.
        var duration = options.Duration(5, 1.5);
        await Load.Run(Callers, TimeSpan.FromSeconds(1), (caller, _) => Ask(lines[caller], Empty, 200));
        await Load.Run(Callers, options.Duration(10, 4), Order("w"));
        var (payments, empty) = (new List<LoadFigures>(), new List<LoadFigures>());
        for (var round = 1; round <= (options.Quick ? 3 : 5); round++)
        {
            await CaughtUp(source);
            empty.Add(await Load.Run(Callers, duration, (caller, _) => Ask(lines[caller], Empty, 200)));
            var (before, used) = (WorkCost.Now(cluster), server.ProcessorSeconds);
            payments.Add(await Load.Run(Callers, duration, Order(Invariant($"{round}"))));
            var each = (server.ProcessorSeconds - used) * 1e6 / payments[^1].Calls;
            var cost = WorkCost.Now(cluster).Since(before).Each(payments[^1].Calls);
            Console.WriteLine(Invariant($"round {round}: orders {payments[^1]}, empty {empty[^1]}; ")
                + Invariant($"of an order: server {each:N0} µs of processor; callers and database {cost}"));
        }

        var (ours, theirs) = (LoadFigures.Median(payments), LoadFigures.Median(empty));
        Console.WriteLine($"median, {Callers} callers, {signers.Count} merchants:");
        Console.WriteLine($"  signed orders   {ours}\n  empty endpoint  {theirs}");
        Console.WriteLine(Invariant($"api ratio {ours.PerSecond / theirs.PerSecond:0.00} (bar {Bar:0.00}) ")
            + "against an empty endpoint of the same server");

        Func<int, int, Task> Order(string run) => (caller, n) => Ask(
            lines[caller],
            Request(signers[caller % signers.Count], Invariant($"{run}-{caller}-{n}")), 201);
    }

    private static async Task<IReadOnlyList<RequestSigner>> Merchants(StartedServer server, int count)
    {
        var signers = new List<RequestSigner>();
        for (var i = 0; i < count; i++)
        {
            await server.AsOperator("/v1/merchants", $$$"""
                {"merchant_id":"m{{{i}}}","name":"m{{{i}}}","payout_account":"bank-{{{i}}}","settlement_term":"t1",
                 "fee_plan":{"on_refund":"returned","rates":[{"channel":"sandbox","rate_ppm":6000}]}}
                """);
            signers.Add(StartedServer.SignerOf(
                await server.AsOperator($"/v1/merchants/m{i}/keys", """{"algorithm":"hmac_sha256"}""")));
        }

        return signers;
    }

    private static byte[] Request(RequestSigner signer, string no)
    {
        var body = $$"""
            {"merchant_order_no":"{{no}}","amount":1234,"currency":"CNY","channel":"sandbox","product":"native",
             "description":"tea"}
            """;
        var bytes = Encoding.ASCII.GetBytes(body);
        return Encoding.ASCII.GetBytes(
            $"POST {Target} HTTP/1.1\r\nHost: here\r\nContent-Type: application/json\r\n"
            + Invariant($"Content-Length: {bytes.Length}\r\nIdempotency-Key: {no}\r\n")
            + $"Authorization: {signer.Header("POST", Target, bytes)}\r\n\r\n{body}");
    }

    private static async Task Ask(HttpLine line, byte[] request, int expected)
    {
        if (await line.Send(request) != expected)
            throw new InvalidOperationException(line.Answer);
    }

    private static async Task CaughtUp(NpgsqlDataSource source)
    {
        await using var behind = source.CreateCommand("""
            SELECT (SELECT max(position) FROM log.events) - (SELECT min(position) FROM views.checkpoint)
            """);
        while (await behind.ExecuteScalarAsync() is > 0L)
            await Task.Delay(50);
    }
}
