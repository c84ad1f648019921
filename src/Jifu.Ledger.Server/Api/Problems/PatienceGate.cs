using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.Api.Idempotency;

namespace Jifu.Ledger.Server.Api.Problems;

/// <summary>Marks what merchants ask and wait for, which takes no time but what the database and a channel
/// take.</summary>
internal sealed record AskedInPassing;

/// <summary>Answers such a call within ten seconds, be it that nobody knows what came of it: every step of one has a
/// limit of its own, and together they took longer.</summary>
/// <remarks>It ends as if the client had gone away, so what must not be given up goes on.</remarks>
internal sealed class PatienceGate(RequestDelegate next)
{
    // The rest of the ten seconds is for a database that does not take the cancellation, which the driver gives two,
    // and for giving back the claim of an Idempotency-Key.
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(6.5);

    public async Task InvokeAsync(HttpContext context)
    {
        if (!IsAskedInPassing(context.GetEndpoint()))
        {
            await next(context);
            return;
        }

        var client = context.RequestAborted;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(client);
        patience.CancelAfter(WaitMax);
        context.RequestAborted = patience.Token;
        context.Features.Set(new Waiting(client));
        try
        {
            await next(context);
        }
        catch (OperationCanceledException e)
            when (patience.IsCancellationRequested && !client.IsCancellationRequested)
        {
            throw new EventLogUnavailableException("It took too long.", e);
        }
        finally
        {
            context.RequestAborted = client;
        }
    }

    /// <summary>True for what merchants ask and wait for.</summary>
    public static bool IsAskedInPassing(Endpoint? endpoint) => endpoint?.Metadata is { } marks
        && (marks.GetMetadata<AskedInPassing>() is not null || marks.GetMetadata<Idempotent>() is not null);

    /// <summary>Lets an endpoint take the time that it needs to say what it has done: cut short, its answer would be an
    /// empty body under the status of what was done.</summary>
    public static async ValueTask<object?> DoneIsTold(
        EndpointFilterInvocationContext invocation, EndpointFilterDelegate next)
    {
        var result = await next(invocation);
        var context = invocation.HttpContext;
        if (context.Features.Get<Waiting>() is { } waiting)
            context.RequestAborted = waiting.Client;
        return result;
    }

    // Tells when the client has gone away, and nothing else.
    private sealed record Waiting(CancellationToken Client);
}
