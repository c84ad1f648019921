using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.Server.Tests.Notices;

/// <summary>What a merchant's own server was sent.</summary>
internal sealed record HeardNotice(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>A merchant's own server, which hears notices and answers them.</summary>
internal sealed class MerchantListener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<HeardNotice> _heard = new();

    private MerchantListener()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/{**path}", Hear);
    }

    public IReadOnlyList<HeardNotice> Heard => [.. _heard];

    /// <summary>What it answers from now on.</summary>
    public int Answer { get; set; } = 200;

    public string Url => _app.Urls.First();

    public static async Task<MerchantListener> Open()
    {
        var listener = new MerchantListener();
        await listener._app.StartAsync();
        return listener;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    /// <summary>Waits for the first notices, and gives them in the order in which they came.</summary>
    public async Task<IReadOnlyList<HeardNotice>> Hears(int count)
    {
        await RunningServer.Until(() => Task.FromResult(_heard.Count >= count));
        return Heard;
    }

    private async Task<IResult> Hear(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        _heard.Enqueue(new(
            request.Path, request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body.ToArray()));
        return Results.StatusCode(Answer);
    }
}
