using System.Text;
using System.Text.Json;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;
using Microsoft.AspNetCore.Builder;

namespace Jifu.Ledger.Server.Tests;

/// <summary>A whole server on a free port of this machine, with a database and a home folder of its own.</summary>
public sealed class ServerUnderTest : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
    private TestDatabase _database = null!;
    private WebApplication _app = null!;

    public HttpClient Http { get; private set; } = null!;
    public RequestSigner Operator { get; private set; } = null!;
    public string Home => _home;
    public TestDatabase Database => _database;
    internal Probe Probe { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create(ServerSchema.Modules);
        _app = await LedgerServer.Build(Arguments(_home));
        Probe = new(_app);
        await _app.StartAsync();
        Http = new() { BaseAddress = new(LedgerServer.AddressOf(_app)) };
        var key = new HomeFolder(_home).ReadOperatorKey()!;
        Operator = RequestSigner.Hmac(key.KeyId, Convert.FromBase64String(key.Secret), TimeProvider.System);
    }

    /// <summary>What to start another process of the same server with.</summary>
    public string[] Arguments(string home) =>
    [
        "--urls=http://127.0.0.1:0", $"--Jifu:Home={home}", "--Jifu:Sandbox=true",
        $"--ConnectionStrings:Ledger={_database.AppConnection}",
        $"--ConnectionStrings:LedgerOwner={_database.OwnerConnection}",
    ];

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>Sends one request, signed unless there is no signer.</summary>
    public async Task<Answer> Send(
        RequestSigner? signer, string method, string target, string? body = null,
        params (string Name, string Value)[] headers)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        using var request = new HttpRequestMessage(new(method), target);
        if (body is not null)
            request.Content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/json") } };
        if (signer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", signer.Header(method, target, bytes));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return new(
            (int)response.StatusCode, await response.Content.ReadAsStringAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    public Task<Answer> AsOperator(string method, string target, string? body = null) =>
        Send(Operator, method, target, body);

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

/// <summary>What came back.</summary>
public sealed record Answer(int Status, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    /// <summary>A text at the top of the JSON body.</summary>
    public string this[string name] => Json.GetProperty(name).GetString()!;

    /// <summary>Status and code in one line: <c>401 signature_wrong</c>.</summary>
    public string Refusal => $"{Status} {(Status < 400 ? "" : this["code"])}".TrimEnd();
}

/// <summary>One server for all tests that leave it as it was.</summary>
[CollectionDefinition("server")]
public sealed class ServerGroup : ICollectionFixture<ServerUnderTest>;
