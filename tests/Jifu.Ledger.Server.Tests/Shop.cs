using System.Text.Json;
using System.Text.Json.Serialization;
using Jifu.Ledger.Operations.Signing;

namespace Jifu.Ledger.Server.Tests;

/// <summary>What a shop agreed on when it was registered.</summary>
/// <param name="SplitPpm">The standing share of a receiver <c>agent</c>; 0 for none.</param>
internal sealed record ShopTerms(
    string Term = "t1", string Account = "bank-1", int SplitPpm = 0, long? PerTransaction = null, long? PerDay = null)
{
    public object Registration(string id) => new
    {
        merchant_id = id,
        name = "测试商户",
        payout_account = Account,
        settlement_term = Term,
        fee_plan = new { on_refund = "returned", rates = new[] { new { channel = "sandbox", rate_ppm = 6000 } } },
        split_rules = SplitPpm == 0 ? null : new[] { new { receiver = "agent", rate_ppm = SplitPpm } },
        risk_limits = new { per_transaction_amount = PerTransaction, per_day_amount = PerDay },
    };
}

/// <summary>An order as a shop sends it.</summary>
internal sealed record Order(
    string MerchantOrderNo, long Amount, string Product = "micropay", string? PayerCode = "134567890123456789",
    string Description = "咖啡", string? PayerId = null, string? NotifyUrl = null, string Currency = "CNY",
    string Channel = "sandbox")
{
    /// <summary>One that waits for its payer.</summary>
    public static Order ByScan(string no, long amount) => new(no, amount, "native", null);
}

/// <summary>A merchant as a test plays it: signs with its own key, repeats with its own Idempotency-Keys.</summary>
internal sealed class Shop
{
    private static readonly JsonSerializerOptions Snake = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly RunningServer _server;
    private int _keys;

    private Shop(RunningServer server, string id, RequestSigner signer) => (_server, Id, Signer) = (server, id, signer);

    public string Id { get; }
    public RequestSigner Signer { get; }

    /// <summary>Registers a merchant and gives it a key.</summary>
    public static async Task<Shop> Open(RunningServer server, string id, ShopTerms? terms = null)
    {
        var registration = JsonSerializer.Serialize((terms ?? new()).Registration(id), Snake);
        (await server.AsOperator("POST", "/v1/merchants", registration)).Refusal.ShouldBe("201");
        var key = await server.AsOperator("POST", $"/v1/merchants/{id}/keys", """{"algorithm":"hmac_sha256"}""");
        return new(server, id, RequestSigner.Hmac(
            key["key_id"], Convert.FromBase64String(key["secret"]), TimeProvider.System));
    }

    /// <summary>Agrees on an overdraft limit.</summary>
    public async Task MayOwe(long amount) => (await _server.AsOperator(
        "PUT", $"/v1/merchants/{Id}/overdraft-limit",
        $$"""{"amount":{{amount}},"currency":"CNY","reason":"contract 7"}""")).Refusal.ShouldBe("200");

    public Task<Answer> Get(string target) => _server.Send(Signer, "GET", target);

    /// <param name="key">The Idempotency-Key; null for one that was not used yet.</param>
    public Task<Answer> Post(string target, object? body = null, string? key = null) => _server.SendBytes(
        Signer, "POST", target, body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, Snake),
        ("Idempotency-Key", key ?? $"{Id}-{Interlocked.Increment(ref _keys)}"));

    public Task<Answer> Pay(Order order, string? key = null) => Post("/v1/payments", order, key);

    /// <summary>Takes a payment that is paid at once.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> Paid(string orderNo, long amount)
    {
        var answer = await Pay(new(orderNo, amount));
        answer.Refusal.ShouldBe("201");
        answer["status"].ShouldBe("paid");
        return answer["payment_id"];
    }

    public Task<Answer> Refund(string payment, string no, long amount, string reason = "退货", string? key = null) =>
        Post($"/v1/payments/{payment}/refunds", new { refund_no = no, amount, currency = "CNY", reason }, key);

    public Task<Answer> Payment(string id) => Get($"/v1/payments/{id}");

    /// <summary>Waits until a payment has come to a status.</summary>
    public async Task<Answer> Comes(string payment, string status)
    {
        Answer? answer = null;
        await RunningServer.Until(async () => (answer = await Payment(payment))["status"] == status);
        return answer!;
    }

    /// <summary>The types of everything that happened to a payment, without their category.</summary>
    public async Task<IReadOnlyList<string>> Timeline(string payment)
    {
        await _server.CaughtUp();
        return [.. (await Get($"/v1/payments/{payment}/timeline")).Json.EnumerateArray()
            .Select(one => one.GetProperty("type").GetString()!["payment.".Length..])];
    }

    /// <summary>This shop's balances: <c>pending 9940</c> and so on, in alphabetical order.</summary>
    public async Task<string> Balances(string query = "")
    {
        await _server.CaughtUp();
        return string.Join(", ", (await Get($"/v1/balances{query}")).Json.EnumerateArray()
            .Select(one => (
                Account: one.GetProperty("account").GetString()!, Balance: one.GetProperty("balance").GetInt64()))
            .Where(one => one.Balance != 0)
            .Select(one => $"{one.Account.Split(':')[0]} {one.Balance}").Order(StringComparer.Ordinal));
    }
}
