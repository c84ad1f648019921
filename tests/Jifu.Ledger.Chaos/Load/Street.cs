using System.Collections.Concurrent;
using Jifu.Ledger.Chaos.Stage;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Chaos.Load;

/// <summary>A merchant, and the key that it signs with.</summary>
internal sealed record Merchant(string Id, RequestSigner Signer);

/// <summary>Some shops, and eight clients who buy in them without pause and write down what they were told.</summary>
internal sealed class Street : IDisposable
{
    public const int Clients = 8;
    private const int Shops = 4;

    private readonly List<Merchant> _merchants = [];
    private readonly List<Task> _running = [];
    private CancellationTokenSource _stop = new();
    private int _orders;
    private Sender? _second;

    private Street(LedgerServer server) => (Sender, Operator) = (new(server.Url), server.Operator());

    public Sender Sender { get; }

    /// <summary>Where the order of this number is sent: with two servers, by turns.</summary>
    public Sender SenderOf(int number) => number % 2 == 0 && _second is { } second ? second : Sender;

    /// <summary>From now on every second order goes to another server.</summary>
    public void AlsoAt(LedgerServer second) => _second = new(second.Url);

    public RequestSigner Operator { get; }
    public IReadOnlyList<Merchant> Merchants => _merchants;

    /// <summary>Every order that was ever sent, whatever came of it.</summary>
    public ConcurrentBag<Purchase> Purchases { get; } = [];

    /// <summary>Answers that are neither a success nor an invitation to come again: there must be none.</summary>
    public ConcurrentBag<string> Strange { get; } = [];

    public int Acknowledged => Purchases.Count(purchase => purchase.PaymentId is not null);

    /// <summary>Registers the shops.</summary>
    public static async Task<Street> Open(LedgerServer server)
    {
        var street = new Street(server);
        for (var i = 0; i < Shops; i++)
            street._merchants.Add(await street.Register($"shop-{i}"));
        return street;
    }

    public async Task<Merchant> Register(string id)
    {
        var made = await AsOperator("POST", "/v1/merchants", new
        {
            merchant_id = id,
            name = "测试商户",
            payout_account = $"bank-{id}",
            settlement_term = "t1",
            fee_plan = new { on_refund = "returned", rates = new[] { new { channel = "sandbox", rate_ppm = 6000 } } },
        });
        var key = await AsOperator("POST", $"/v1/merchants/{id}/keys", new { algorithm = "hmac_sha256" });
        return made.Ok && key.Ok
            ? new(id, RequestSigner.Hmac(
                key["key_id"]!, Convert.FromBase64String(key["secret"]!), TimeProvider.System))
            : throw new InvalidOperationException($"{id} was not registered: {made}, {key}");
    }

    public Task<Reply> AsOperator(string method, string target, object? body = null) =>
        Sender.Send(Operator, method, target, body);

    /// <summary>A purchase that nobody has sent yet.</summary>
    public Purchase Next() => Made(Interlocked.Increment(ref _orders));

    /// <summary>A purchase that is sent to the first of two servers.</summary>
    public Purchase NextAtFirst()
    {
        var n = Interlocked.Increment(ref _orders);
        return SenderOf(n) == Sender ? Made(n) : NextAtFirst();
    }

    /// <summary>Lets the clients buy until <see cref="Close"/>.</summary>
    public void Open(int clients = Clients)
    {
        _stop = new();
        _running.Clear();
        for (var i = 0; i < clients; i++)
            _running.Add(Task.Run(() => Buy(_stop.Token)));
    }

    /// <summary>The clients end what they are at and go home.</summary>
    public async Task Close()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _stop.Dispose();
    }

    /// <summary>Asks again about everything that had no end, as a merchant does, until it has one.</summary>
    public Task Settle() => Parallel.ForEachAsync(
        Purchases.Where(purchase => !purchase.Settled), new ParallelOptions { MaxDegreeOfParallelism = Clients },
        async (purchase, _) => await purchase.Insist());

    public void Dispose()
    {
        Sender.Dispose();
        _second?.Dispose();
        _stop.Dispose();
    }

    private Purchase Made(int n)
    {
        var purchase = new Purchase(this, _merchants[n % Shops], n);
        Purchases.Add(purchase);
        return purchase;
    }

    private async Task Buy(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var purchase = Next();
            await purchase.Pay();
            if (purchase.WantsRefund)
                await purchase.Refund();
            if (!purchase.Settled)
                await Task.Delay(purchase.MetNobody ? 250 : 50, CancellationToken.None);
        }
    }
}
