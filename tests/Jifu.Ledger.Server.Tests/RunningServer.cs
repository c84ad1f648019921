using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Dapper;
using Jifu.Ledger.Operations.Signing;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.TestKit;
using Npgsql;

namespace Jifu.Ledger.Server.Tests;

/// <summary>A server that is reached over HTTP at a port of its own, with a database and a home folder of its own. Its
/// business day is tomorrow, from ten in the morning, whatever the time on this machine.</summary>
public abstract class RunningServer : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly string _home = Directory.CreateTempSubdirectory("jifu-home-").FullName;
    private TestDatabase _database = null!;

    public HttpClient Http { get; private set; } = null!;
    public RequestSigner Operator { get; private set; } = null!;
    public string Home => _home;
    public TestDatabase Database => _database;

    // The server calls itself as its own channel, so it must know its port before it listens.
    protected int Port { get; } = FreePort();

    public async Task InitializeAsync()
    {
        _database = await MakeDatabase();
        Http = new(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new($"http://127.0.0.1:{Port}"), Timeout = Patience,
        };
        await Start();
        var key = new HomeFolder(_home).ReadOperatorKey()!;
        Operator = RequestSigner.Hmac(key.KeyId, Convert.FromBase64String(key.Secret), TimeProvider.System);
        await MoveClock(BusinessDay.Of(TimeProvider.System.GetUtcNow()).Next.Start.AddHours(10));
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await Stop();
        await _database.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>Its database, with every table in place.</summary>
    protected virtual Task<TestDatabase> MakeDatabase() => TestDatabase.Create(ServerSchema.Modules);

    protected abstract Task Start();

    protected abstract Task Stop();

    /// <summary>What to start another process of the same server with.</summary>
    public virtual string[] Arguments(string home, int port = 0) =>
    [
        $"--urls=http://127.0.0.1:{port}", $"--Jifu:Home={home}", "--Jifu:Sandbox=true",
        $"--ConnectionStrings:Ledger={_database.AppConnection}",
        $"--ConnectionStrings:LedgerOwner={_database.OwnerConnection}",
    ];

    /// <summary>Sends one request, signed unless there is no signer.</summary>
    public Task<Answer> Send(
        RequestSigner? signer, string method, string target, string? body = null,
        params (string Name, string Value)[] headers) =>
        SendBytes(signer, method, target, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    /// <summary>The same with a body that need not be text.</summary>
    public async Task<Answer> SendBytes(
        RequestSigner? signer, string method, string target, byte[]? body,
        params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), target);
        if (body is not null)
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
        if (signer is not null)
            request.Headers.TryAddWithoutValidation("Authorization", signer.Header(method, target, body ?? []));
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await Http.SendAsync(request);
        return new(
            (int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(),
            response.Headers.Concat(response.Content.Headers)
                .ToDictionary(header => header.Key, header => string.Join(", ", header.Value)));
    }

    public Task<Answer> AsOperator(string method, string target, string? body = null) =>
        Send(Operator, method, target, body);

    /// <summary>Moves the sandbox's clock, which only goes forward.</summary>
    public async Task MoveClock(DateTimeOffset to) =>
        (await AsOperator("POST", "/v1/sandbox/clock", JsonSerializer.Serialize(new { advance_to = to })))
            .Status.ShouldBe(200);

    /// <summary>The business day by the sandbox's clock.</summary>
    public async Task<BusinessDay> Today()
    {
        BusinessDay.TryParse((await AsOperator("GET", "/v1/sandbox/clock"))["business_day"], out var day)
            .ShouldBeTrue();
        return day;
    }

    /// <summary>The position of the newest event; -1 when there is none.</summary>
    public virtual async Task<long> Head() =>
        await AsSuperuser<long>("SELECT coalesce(max(position), -1) FROM log.events");

    /// <summary>Asks the database for one value.</summary>
    public async Task<T> AsSuperuser<T>(string sql, object? parameters = null)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        return (await connection.ExecuteScalarAsync<T>(sql, parameters))!;
    }

    /// <summary>Waits until the read models hold all that is in the log.</summary>
    public async Task CaughtUp()
    {
        var head = await Head();
        await Until(async () => (await AsOperator("GET", "/v1/ops/projections")).Json.EnumerateArray()
            .All(one => one.GetProperty("position").GetInt64() >= head));
    }

    /// <summary>Waits until the sandbox has told us all that it has to tell.</summary>
    public Task NoticesTaken() => Until(async () =>
        (await AsOperator("GET", "/v1/sandbox/notices")).Json.GetProperty("waiting").GetInt64() == 0);

    /// <summary>Looks again and again until it is so.</summary>
    public static async Task Until(Func<Task<bool>> isSo)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await isSo())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience, "It never came to be so.");
            await Task.Delay(25);
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>What came back.</summary>
public sealed record Answer(int Status, byte[] Content, IReadOnlyDictionary<string, string> Headers)
{
    public string Body => Encoding.UTF8.GetString(Content);

    public JsonElement Json => JsonDocument.Parse(Content).RootElement;

    /// <summary>A text at the top of the JSON body.</summary>
    public string this[string name] => Json.GetProperty(name).GetString()!;

    /// <summary>A whole number at the top of the JSON body.</summary>
    public long Number(string name) => Json.GetProperty(name).GetInt64();

    /// <summary>Status and code in one line: <c>401 signature_wrong</c>.</summary>
    public string Refusal => $"{Status} {(Status < 400 ? "" : this["code"])}".TrimEnd();
}
