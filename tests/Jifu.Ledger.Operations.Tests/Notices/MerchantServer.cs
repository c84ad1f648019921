using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.Operations.Tests.Notices;

/// <summary>A merchant's server on loopback: keeps what it was sent, and answers as a test says.</summary>
internal sealed class MerchantServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MerchantServer(WebApplication app) => _app = app;

    /// <summary>One request as it came.</summary>
    public sealed record Arrival(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

    public ConcurrentQueue<Arrival> Arrivals { get; } = new();

    /// <summary>Answers a request; 200 with <c>ok</c> when a test says nothing else.</summary>
    public RequestDelegate Answer { get; set; } = context => context.Response.WriteAsync("ok");

    public string Url(string path) => _app.Urls.Single() + path;

    public static async Task<MerchantServer> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var server = new MerchantServer(app);
        app.Run(server.Take);
        await app.StartAsync();
        return server;
    }

    /// <summary>Completes when this many requests have come.</summary>
    public async Task Until(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (Arrivals.Count < count)
            await Task.Delay(5, limit.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task Take(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(
            header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Arrivals.Enqueue(new(context.Request.Path, headers, body.ToArray()));
        await Answer(context);
    }
}
