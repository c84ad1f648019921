using System.Collections.Concurrent;
using System.Text.Json;
using Jifu.Ledger.Server.Schedule;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>What the server's log says of a day that the schedule closes, for whoever reads nothing else.</summary>
public class UnexplainedLogTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_schedule_warns_of_differences_of_a_day_that_nobody_has_accepted()
    {
        using var warnings = new Warnings();
        server.Room<ILoggerFactory>().AddProvider(warnings);
        var first = await SmallDay.Begin(server);
        await first.Play();
        await first.Plant(2);
        await first.End();
        await server.Fire("close_days");
        await RunningServer.Until(() => Task.FromResult(!warnings.Said.IsEmpty));
        var open = (await first.Close()).Json.GetProperty("unexplained").EnumerateArray().ShouldHaveSingleItem();
        warnings.Said.ShouldHaveSingleItem().ShouldBe(
            $"{first.Day} is not explained at sandbox: 2 differences open, {Cny(open, "over")} over, "
                + $"{Cny(open, "short")} short, the bank CNY 0.00 apart; nobody has accepted it");

        // Of the next day somebody has said so before the schedule looks.
        var next = first.Next();
        await next.Play();
        await next.Plant(2);
        await next.End();
        (await server.AsOperator("POST", $"/v1/ops/days/{next.Day}/close?accept_differences=asked%20them")).Json
            .GetProperty("unexplained").GetArrayLength().ShouldBe(1);
        await server.Fire("close_days");
        await RunningServer.Until(async () => await server.AsSuperuser<long>(
            "SELECT count(*) FROM quartz.qrtz_fired_triggers WHERE job_name = 'close_days'") == 0);
        warnings.Said.ShouldHaveSingleItem();
    }

    private static Money Cny(JsonElement open, string which) => new(open.GetProperty(which).GetInt64(), Currency.CNY);

    /// <summary>What the closing of days warns of.</summary>
    private sealed class Warnings : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => categoryName == typeof(CloseDays).FullName
            ? this
            : NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel == LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                Said.Enqueue(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
