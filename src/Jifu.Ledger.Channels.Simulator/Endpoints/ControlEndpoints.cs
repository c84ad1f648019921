using System.Text.Json.Serialization;
using Jifu.Ledger.Channels.Simulator.Bills;
using Jifu.Ledger.Channels.Simulator.Notices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Jifu.Ledger.Channels.Simulator.Endpoints;

/// <summary>Asks the sandbox's clock to move.</summary>
public sealed record ClockMove([property: JsonPropertyName("advance_to")] DateTimeOffset AdvanceTo);

/// <summary>What the sandbox's clock shows, in Beijing time, and the system's beside it.</summary>
public sealed record ClockReading(
    [property: JsonPropertyName("now")] DateTimeOffset Now,
    [property: JsonPropertyName("business_day")] string BusinessDay,
    [property: JsonPropertyName("system_now")] DateTimeOffset SystemNow);

/// <summary>Asks for so many differences in a day's bill.</summary>
public sealed record PlantingRequest(
    [property: JsonPropertyName("count")] int Count, [property: JsonPropertyName("seed")] long Seed);

/// <summary>What was planted in a day's bill; count 0 when nothing was.</summary>
public sealed record PlantedDay(
    [property: JsonPropertyName("day")] string Day,
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("seed")] long Seed,
    [property: JsonPropertyName("differences")] IReadOnlyList<PlantedDifference> Differences);

/// <summary>Notices that are still to be sent, and those that nobody took in six attempts.</summary>
public sealed record NoticeCounts(
    [property: JsonPropertyName("waiting")] long Waiting, [property: JsonPropertyName("given_up")] long GivenUp);

/// <summary>Asks for something to be wrong with a day's fund flow; says what is.</summary>
/// <param name="Fault"><c>none missing balance_gap hash_wrong</c>.</param>
public sealed record FundFlowFlaw([property: JsonPropertyName("fault")] string Fault);

/// <summary>What a test or <c>jifu day</c> steers.</summary>
internal static class ControlEndpoints
{
    public static void Map(IEndpointRouteBuilder group)
    {
        group.MapGet("clock", (SandboxClock clock) => Reading(clock))
            .WithSummary("What the sandbox's clock shows 沙箱时钟");
        group.MapPost("clock", async Task<Results<Ok<ClockReading>, ProblemHttpResult>> (
            ClockMove move, SandboxClock clock, CancellationToken cancellation) =>
            await clock.AdvanceTo(move.AdvanceTo, cancellation) is { } refusal
                ? Refused(refusal, $"The sandbox's clock shows {Reading(clock).Value!.Now:O}.")
                : Reading(clock)).WithSummary("Move the sandbox's clock forward 拨快沙箱时钟");
        group.MapGet("notices", (NoticeCount count, CancellationToken cancellation) => count.Read(cancellation))
            .WithSummary("Notices on their way, and given up 渠道通知计数");
        group.MapPost("days/{day}/differences", Plant)
            .WithSummary("Make the channel's bill of a day wrong in so many places 植入差异");
        group.MapPost("days/{day}/fund-flow", Break)
            .WithSummary("Make something wrong with the channel's fund flow of a day, or right again 资金账单故障");
        group.MapGet("days/{day}/differences", Planted).WithSummary("What was planted in a day's bill 已植入的差异");
    }

    private static async Task<Results<Ok<PlantedDay>, ProblemHttpResult>> Plant(
        string day, PlantingRequest request, PlantedDifferences differences, CancellationToken cancellation)
    {
        if (!BusinessDay.TryParse(day, out var date))
            return NoDay(day);
        var (planting, refusal) = await differences.Plant(date, request.Count, request.Seed, cancellation);
        return planting is null
            ? Refused(refusal!.Value, $"Nothing was planted in the bill of {day}.")
            : Answer(planting);
    }

    private static async Task<Results<Ok<PlantedDay>, ProblemHttpResult>> Planted(
        string day, PlantedDifferences differences, CancellationToken cancellation) =>
        BusinessDay.TryParse(day, out var date)
            ? Answer(await differences.Of(date, cancellation) ?? new(date, 0, 0, []))
            : NoDay(day);

    private static async Task<Results<Ok<FundFlowFlaw>, ProblemHttpResult>> Break(
        string day, FundFlowFlaw request, FundFlowBook book, CancellationToken cancellation)
    {
        if (!BusinessDay.TryParse(day, out var date))
            return NoDay(day);
        foreach (var fault in Enum.GetValues<FundFlowFault>().Where(one => SnakeCase.Of($"{one}") == request.Fault))
        {
            await book.Break(date, fault, cancellation);
            return TypedResults.Ok(request);
        }

        return Refused(PlantingRefusal.FaultUnknown, $"{request.Fault}: none, missing, balance_gap or hash_wrong.");
    }

    private static Ok<PlantedDay> Answer(Planting planting) => TypedResults.Ok(new PlantedDay(
        $"{planting.Day}", planting.Count, planting.Seed, planting.Differences));

    private static Ok<ClockReading> Reading(SandboxClock clock)
    {
        var now = clock.GetUtcNow().ToOffset(BusinessDay.Offset);
        return TypedResults.Ok(new ClockReading(now, $"{BusinessDay.Of(now)}", clock.SystemClock.GetUtcNow()));
    }

    private static ProblemHttpResult NoDay(string day) => TypedResults.Problem(
        $"{day} is no day; write 2026-11-21.", statusCode: StatusCodes.Status400BadRequest,
        extensions: new Dictionary<string, object?> { ["code"] = "day_invalid" });

    private static ProblemHttpResult Refused(Enum refusal, string detail) => TypedResults.Problem(
        detail, statusCode: StatusCodes.Status422UnprocessableEntity,
        extensions: new Dictionary<string, object?> { ["code"] = SnakeCase.Of($"{refusal}") });
}
