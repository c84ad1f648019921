using System.Diagnostics;
using System.Net;
using Jifu.Ledger.Chaos.Load;
using Jifu.Ledger.Chaos.Stage;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Payments;
using Jifu.Ledger.TestKit;
using static System.FormattableString;

namespace Jifu.Ledger.Chaos.Faults;

/// <summary>F37: every read model is made again while payments go on and readers look; a round is a thousand events of
/// the past.</summary>
internal static class RebuiltLive
{
    private const string Payments = "SELECT count(*) FROM views.payment";
    private const string Told = "SELECT count(*) FROM notices.attempt";
    private const string Uneven = """
        SELECT count(*) FROM (SELECT FROM views.journal_line GROUP BY currency HAVING sum(amount_minor) <> 0) AS uneven
        """;

    public static async Task Run(House house, ChaosOptions options, Verdict verdict)
    {
        using var listener = new HttpListener();
        var url = Invariant($"http://127.0.0.1:{Ports.Free()}/");
        listener.Prefixes.Add(url);
        listener.Start();
        var heard = 0;
        var hearing = Hear(listener, () => Interlocked.Increment(ref heard));
        await Fill(house, options.Rounds * 1_000L, url);
        await house.Books.CaughtUp();
        await Quiet(() => heard);
        var (heardBefore, toldBefore) = (heard, await house.Cluster.Value<long>(Told));

        house.Street.Open();
        using var stop = new CancellationTokenSource();
        var reading = Read(house, stop.Token);
        var since = Stopwatch.StartNew();
        var (code, said) = await house.Jifu("projections", "rebuild", "all");
        var took = since.Elapsed;
        await stop.CancelAsync();
        var (looks, wrong) = await reading;
        await house.Street.Close();
        await house.Street.Settle();

        var events = await house.Cluster.Value<long>("SELECT count(*) FROM log.events");
        verdict.Told(Invariant($"{events} events at the end, {house.Street.Acknowledged} payments acknowledged ")
            + Invariant($"meanwhile; made again, compared and swapped in within {took.TotalSeconds:0.0} s"));
        verdict.Holds(
            "what was live is what the log makes, and was swapped in", code == 0,
            code == 0 ? Invariant($"{said.Split('\n').Count(line => line.Contains("the same"))} tables") : said);
        verdict.Holds(
            "no reader saw an empty or half view, or books that do not balance", wrong == 0 && looks > 0,
            Invariant($"{wrong} of {looks} looks"));
        await Quiet(() => heard);
        verdict.Holds(
            "no notice was sent again", heard == heardBefore
                && await house.Cluster.Value<long>(Told) == toldBefore && heardBefore > 0,
            Invariant($"{heardBefore} heard before, {heard} after"));
        (code, said) = await house.Jifu("projections", "check", "all");
        verdict.Holds("afterwards every view is what the log makes (P7)", code == 0, code == 0 ? "" : said);
        listener.Stop();
        await hearing;
    }

    private static async Task Fill(House house, long events, string notify)
    {
        await using var log = new PostgreSqlEventLog(house.Cluster.App, TimeProvider.System);
        await PastPayments.Fill(log, events, (caller, n) => Order(house.Street.Merchants, caller, n, notify));
    }

    // Every thousandth payment's merchant wants to hear of it.
    private static PaymentOrder Order(IReadOnlyList<Merchant> merchants, int caller, int n, string notify) => new(
        new(merchants[caller % merchants.Count].Id), Invariant($"past-{caller}-{n}"), new(12_34, Currency.CNY),
        Channel.Sandbox, PaymentProduct.Native, "tea", null, null,
        ((n * PastPayments.Callers) + caller) % 1_000 == 0 ? notify : null, []);

    private static async Task<(int Looks, int Wrong)> Read(House house, CancellationToken stop)
    {
        var (looks, wrong, payments) = (0, 0, 0L);
        for (; !stop.IsCancellationRequested; looks++)
        {
            var seen = await house.Cluster.Value<long>(Payments);
            wrong += seen < payments ? 1 : 0;
            payments = seen;
            if (looks % 20 == 0)
                wrong += (int)await house.Cluster.Value<long>(Uneven);
        }

        return (looks, wrong);
    }

    private static async Task Hear(HttpListener listener, Action heard)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            heard();
            context.Response.StatusCode = 200;
            context.Response.Close();
        }
    }

    // Until nothing has been heard for two seconds.
    private static async Task Quiet(Func<int> heard)
    {
        for (var before = -1; before != heard();)
        {
            before = heard();
            await Task.Delay(2_000);
        }
    }
}
