namespace Jifu.Ledger.Server.Api.Json;

/// <summary>The exact bytes of a request's body, read once: signature, fingerprint and JSON all look at the
/// same.</summary>
internal static class RawBody
{
    private static readonly object Key = new();

    /// <exception cref="BadHttpRequestException">It is larger than the server takes.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> Of(HttpContext context)
    {
        if (context.Items.TryGetValue(Key, out var read))
            return (byte[])read!;
        using var bytes = new MemoryStream();
        await context.Request.Body.CopyToAsync(bytes, context.RequestAborted);
        var body = bytes.ToArray();
        context.Items[Key] = body;
        context.Request.Body = new MemoryStream(body, writable: false);
        return body;
    }
}
