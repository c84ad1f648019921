using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Jifu.Ledger.Channels.Sandbox;
using Jifu.Ledger.Channels.Simulator;
using Jifu.Ledger.Payments;
using Jifu.Ledger.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.Channels.Tests.Sandbox;

/// <summary>A notice as it came in.</summary>
public sealed record ArrivedNotice(Dictionary<string, string> Headers, byte[] Body);

/// <summary>A server that plays the sandbox on a free port, with a database of its own; and the client to it.</summary>
#pragma warning disable CA1001 // DisposeAsync of xunit's interface disposes of it.
public sealed class SandboxHouse : IAsyncLifetime
#pragma warning restore CA1001
{
    public const string Secret = "a secret of a test";

    private readonly HttpClient _http = new();
    private TestDatabase _database = null!;
    private NpgsqlDataSource _source = null!;
    private WebApplication _app = null!;
    private int _orders;

    /// <summary>What to answer to a notice; 204 unless a test says otherwise.</summary>
    public Func<int, int> NoticeStatus { get; set; } = _ => StatusCodes.Status204NoContent;

    public Channel<ArrivedNotice> Notices { get; } = System.Threading.Channels.Channel.CreateUnbounded<ArrivedNotice>();

    public SandboxChannel Client { get; private set; } = null!;

    /// <summary>A client that does not wait for who stays silent.</summary>
    public SandboxChannel Impatient { get; private set; } = null!;

    public SandboxBank Bank { get; private set; } = null!;

    public SandboxBank ImpatientBank { get; private set; } = null!;

    public SandboxClock Clock => _app.Services.GetRequiredService<SandboxClock>();

    public BusinessDay Today => BusinessDay.Of(Clock.GetUtcNow());

    public Uri Address => _http.BaseAddress!;

    public static async Task<SandboxHouse> Open()
    {
        var house = new SandboxHouse();
        await house.InitializeAsync();
        return house;
    }

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create(Simulator.Sandbox.Schema);
        _http.BaseAddress = new($"http://127.0.0.1:{FreePort()}");
        await Start();
    }

    /// <summary>Ends the server and starts another on the same database, with nothing kept in memory.</summary>
    public async Task Restart()
    {
        await Stop();
        await Start();
    }

    public async Task DisposeAsync()
    {
        await Stop();
        _http.Dispose();
        await _database.DisposeAsync();
    }

    /// <summary>An order that nobody made before.</summary>
    public (PaymentId Id, PaymentOrder Order) Order(
        PaymentProduct product, long fen, string description = "Tea", string? payerCode = null)
    {
        var number = $"o{Interlocked.Increment(ref _orders)}";
        var merchant = new MerchantId("m1");
        return (PaymentId.Of(merchant, number), new(
            merchant, number, new(fen, Currency.CNY), Ledger.Channel.Sandbox, product, description, "payer1",
            payerCode ?? (product == PaymentProduct.Micropay ? "134567890123456789" : null), null, []));
    }

    /// <summary>Pays at once, by a code that was scanned.</summary>
    public async Task<PaymentId> Paid(long fen)
    {
        var (id, order) = Order(PaymentProduct.Micropay, fen);
        (await Client.Pay(id, order, default)).ShouldBeOfType<ChannelAnswer.Paid>();
        return id;
    }

    public Task<ChannelAnswer> Refund(PaymentId payment, string number, long fen, long ofFen, string reason = "") =>
        Client.Refund(new(payment, number, new(fen, Currency.CNY), new(ofFen, Currency.CNY), reason), default);

    public async Task<ArrivedNotice> NextNotice()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        return await Notices.Reader.ReadAsync(limit.Token);
    }

    public async Task<HttpStatusCode> PayByPhone(Uri credential)
    {
        using var answer = await _http.PostAsync(credential, null);
        return answer.StatusCode;
    }

    /// <summary>Asks the control endpoints; status and body.</summary>
    public async Task<(HttpStatusCode Status, JsonObject Body)> Control(string path, object? body = null)
    {
        using var answer = body is null
            ? await _http.GetAsync(new Uri($"/v1/sandbox/{path}", UriKind.Relative))
            : await _http.PostAsJsonAsync(new Uri($"/v1/sandbox/{path}", UriKind.Relative), body);
        return (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonObject>())!);
    }

    public async Task AdvanceTo(DateTimeOffset instant) =>
        (await Control("clock", new { advance_to = instant })).Status.ShouldBe(HttpStatusCode.OK);

    private async Task Start()
    {
        _source = NpgsqlDataSource.Create(_database.AppConnection);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.ToString());
        builder.Services.AddSandbox(new(_source, Secret, new(Address, "/notices"), "1900000001"));
        _app = builder.Build();
        _app.MapSandbox();
        _app.MapGroup("/v1/sandbox").MapSandboxControl();
        _app.MapPost("/notices", Receive);
        await _app.StartAsync();
        Client = new(Connection(TimeSpan.FromSeconds(10)));
        Impatient = new(Connection(TimeSpan.FromMilliseconds(400)));
        Bank = new(Connection(TimeSpan.FromSeconds(10)));
        ImpatientBank = new(Connection(TimeSpan.FromMilliseconds(400)));
    }

    private SandboxConnection Connection(TimeSpan timeout) => new(_http, Secret, TimeProvider.System, timeout);

    private async Task<IResult> Receive(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        var headers = request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString());
        await Notices.Writer.WriteAsync(new(headers, body.ToArray()));
        return Results.StatusCode(NoticeStatus(Notices.Reader.Count));
    }

    private async Task Stop()
    {
        await _app.DisposeAsync();
        await _source.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
