using System.Security.Cryptography;
using Dapper;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Merchants;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Composition;
using Jifu.Ledger.Server.EventStoreFace;
using Jifu.Ledger.Server.EventStoreFace.Appends;
using Jifu.Ledger.Server.EventStoreFace.Reads;
using Jifu.Ledger.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

/// <summary>An empty log that is offered over EventStoreDB's protocol, plainly and with TLS; and keys for it. Nothing
/// else of the server runs.</summary>
public sealed class FaceUnderTest : IAsyncLifetime
{
    private readonly string _home = Directory.CreateTempSubdirectory("jifu-face-").FullName;
    private TestDatabase _database = null!;
    private IHost _host = null!;

    /// <summary>For TLS; null for one that it makes.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    public IEventLog Log => _host.Services.GetRequiredService<IEventLog>();

    /// <summary>The same log, as another server has it. Disposed of by the caller.</summary>
    public PostgreSqlEventLog LogOfAnotherServer() => new(_database.AppConnection, TimeProvider.System);

    internal Subscriptions Subscriptions => _host.Services.GetRequiredService<Subscriptions>();

    internal AppendRoom Room => _host.Services.GetRequiredService<AppendRoom>();

    internal HeadWatch Watch => _host.Services.GetRequiredService<HeadWatch>();

    public async Task InitializeAsync()
    {
        _database = await TestDatabase.Create(ServerSchema.Modules);
        var builder = Host.CreateEmptyApplicationBuilder(new());
        var face = new FaceSettings(
            [BindingAddress.Parse("http://127.0.0.1:0"), BindingAddress.Parse("https://127.0.0.1:0")],
            CertificateFile, KeyFile);
        builder.Services
            .AddSingleton(new HomeFolder(_home))
            .AddSingleton(_ => Databases.Of(_database.AppConnection))
            .AddSingleton(IdSource.TimeOrdered(TimeProvider.System))
            .AddSingleton<IEventLog>(_ => new PostgreSqlEventLog(_database.AppConnection, TimeProvider.System))
            .AddSingleton<SealedSecrets>().AddSingleton<KeyRing>()
            .AddFace(face);
        _host = builder.Build();
        await _host.StartAsync();
    }

    /// <summary>Lets nobody read or write the log until it is disposed of.</summary>
    public async Task<IAsyncDisposable> LogLocked()
    {
        var connection = new NpgsqlConnection(_database.SuperuserConnection);
        await connection.OpenAsync();
        await connection.ExecuteAsync("BEGIN; LOCK TABLE log.events");
        return connection;
    }

    /// <summary>How many sessions with such a name wait for a lock.</summary>
    public async Task<long> Waiting(string applicationName)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        return await connection.ExecuteScalarAsync<long>("""
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name LIKE @applicationName AND wait_event_type = 'Lock'
            """, new { applicationName });
    }

    /// <summary>Changes the log behind everybody's back, as only who owns the database can.</summary>
    public async Task Tamper(string sql)
    {
        await using var connection = new NpgsqlConnection(_database.SuperuserConnection);
        (await connection.ExecuteAsync($"""
            ALTER TABLE log.events DISABLE TRIGGER append_only; {sql};
            ALTER TABLE log.events ENABLE ALWAYS TRIGGER append_only
            """)).ShouldBe(1);
    }

    /// <summary>As a server stops.</summary>
    public Task Stop() => _host.StopAsync();

    public async Task DisposeAsync()
    {
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    /// <summary>The certificate that clients trust.</summary>
    public string AuthorityFile => Path.Combine(_home, FaceCertificate.AuthorityFile);

    /// <summary>Where it listens, <c>http</c> or <c>https</c>.</summary>
    public Uri Address(string scheme) => new(
        _host.Services.GetRequiredService<FaceHost>().Urls
            .Single(url => url.StartsWith($"{scheme}:", StringComparison.Ordinal)));

    /// <summary>Makes a key; a connection string's user and password.</summary>
    /// <param name="role"><c>auditor</c>, <c>event_writer</c>, <c>ledger_node</c> or another.</param>
    public async Task<string> Key(string role)
    {
        var known = Enum.GetValues<Role>().Single(one => SnakeCase.Of($"{one}") == role);
        var keyId = $"{role}_{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var secret = RandomNumberGenerator.GetBytes(32);
        await _host.Services.GetRequiredService<KeyRing>().Add(
            new(keyId, known, known == Role.Merchant ? new MerchantId("m-1") : null), KeyAlgorithm.HmacSha256, secret,
            "test", null, default);
        return $"{keyId}:{Convert.ToBase64String(secret).Replace('+', '-').Replace('/', '_').TrimEnd('=')}";
    }

    /// <summary>Revokes a key as this server does.</summary>
    public Task Revoke(string key) =>
        _host.Services.GetRequiredService<KeyRing>().Revoke(key.Split(':')[0], default);

    /// <summary>Revokes a key as another server of the same database does.</summary>
    public async Task RevokeElsewhere(string key)
    {
        await using var connection = new NpgsqlConnection(_database.AppConnection);
        await connection.ExecuteAsync(
            "UPDATE app.api_key SET revoked_at = now() WHERE key_id = @keyId", new { keyId = key.Split(':')[0] });
    }

    /// <summary>A connection string as EventStoreDB's clients take it, over TLS.</summary>
    public string Secure(string? key) =>
        $"esdb://{(key is null ? "" : key + "@")}localhost:{Address("https").Port}?tls=true&tlsCAFile={AuthorityFile}";

    /// <summary>The same without TLS.</summary>
    public string Plain(string? key) =>
        $"esdb://{(key is null ? "" : key + "@")}127.0.0.1:{Address("http").Port}?tls=false";
}
