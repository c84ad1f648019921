using Jifu.Ledger.Server.Api;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.Api.Idempotency;
using Jifu.Ledger.Server.Api.Json;
using Jifu.Ledger.Server.Api.Problems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Jifu.Ledger.Server.Tests;

/// <summary>What the probe is asked for.</summary>
internal sealed record ProbeRequest(MinorUnits Amount, Currency Currency, string? Behave = null);

/// <summary>What the probe answers.</summary>
internal sealed record ProbeView(int Run, long Amount, Currency Currency);

/// <summary>An endpoint of the shape of those that move money; it counts how often it is carried out and can be made to
/// wait or to fail.</summary>
internal sealed class Probe
{
    private int _runs;

    public Probe(WebApplication app)
    {
        var v1 = app.V1();
        v1.MapPost("/probe", CarryOut).Admits(Role.Operator, Role.Merchant).Idempotent();
        v1.MapGet("/probe/forgotten", () => "nobody said who may see this");
    }

    public int Runs => _runs;
    public TaskCompletionSource Entered { get; set; } = new();
    public TaskCompletionSource Leave { get; set; } = new();

    private async Task<IResult> CarryOut(JsonBody<ProbeRequest> body)
    {
        var run = Interlocked.Increment(ref _runs);
        var request = body.Value;
        switch (request.Behave)
        {
            case "wait":
                Entered.SetResult();
                await Leave.Task;
                break;
            case "refuse":
                return new Problem("refund_exceeds_payment", $"Run {run}.");
            case "break":
                throw new InvalidOperationException("a secret of the implementation");
            case "unavailable":
                throw new EventLog.EventLogUnavailableException("the database's address", null);
        }

        return Results.Created($"/v1/probe/{run}", new ProbeView(run, request.Amount.Value, request.Currency));
    }
}
