using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>Lets only so many requests be under way: when the database is slow, whoever comes too much is sent away at
/// once, and what waits stays bounded.</summary>
/// <remarks>Under /v1 only: the channel that we play in the sandbox must be able to answer those who were let
/// in.</remarks>
internal sealed class CrowdGate(RequestDelegate next)
{
    /// <summary>Far more than two cores serve in the time that anybody likes to wait.</summary>
    public const int UnderWayMax = 1024;

    private int _underWay;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments("/v1"))
        {
            await next(context);
            return;
        }

        try
        {
            if (Interlocked.Increment(ref _underWay) <= UnderWayMax)
                await next(context);
            else
                await new Problem("overloaded", "Nothing was written.").ExecuteAsync(context);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }
}
