using System.Globalization;
using System.Text.Json.Nodes;
using Jifu.Ledger.Cli.Api;

namespace Jifu.Ledger.Cli.Day;

/// <summary>What to play.</summary>
internal sealed record DayOptions(int Payments, double RefundRate, int Differences, int Seed, string Out);

/// <summary>A run under way, as it is kept so that the same command goes on after an interruption.</summary>
internal sealed record DayNote(DateTimeOffset Begin, int Payments, double RefundRate, int Differences, int Seed);

/// <summary>What came of the orders.</summary>
internal sealed record DayPlayed(BusinessDay Day, IReadOnlyDictionary<string, int> Statuses, TimeSpan Took);

/// <summary>Plays the orders of one business day against a running server, moving the sandbox's clock through the
/// day.</summary>
internal sealed class DayRun(HomeFiles home, ApiClient asOperator, DayOptions options) : IDisposable
{
    private const string NoteFile = "day-run.json";
    private const int OrdersAtOnce = 24;

    // T+0 merchants get their money in the afternoon.
    private const int T0Slice = 17;

    private readonly SemaphoreSlim _moving = new(1);
    private int _slice = -1;

    /// <summary>Plays to the end of the day. A day that was begun with the same options is gone on with.</summary>
    public async Task<DayPlayed> Play(IProgress<double> progress, CancellationToken cancellation)
    {
        var began = TimeProvider.System.GetTimestamp();
        var note = await Note(cancellation);
        var day = BusinessDay.Of(note.Begin);
        var player = new OrderPlayer(
            await new DayMerchants(home, asOperator).Open(cancellation), asOperator);
        var orders = DayPlan.Of(day, options.Payments, options.RefundRate, options.Seed);
        var statuses = new SortedDictionary<string, int>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            orders,
            new ParallelOptions { MaxDegreeOfParallelism = OrdersAtOnce, CancellationToken = cancellation },
            async (order, cancel) =>
            {
                await Reach(order.Slice, note.Begin, day, cancel);
                var status = await player.Play(order, cancel);
                lock (statuses)
                {
                    statuses[status] = statuses.GetValueOrDefault(status) + 1;
                    progress.Report(statuses.Values.Sum() / (double)orders.Count);
                }
            });
        await NoticesTaken(cancellation);
        return new(day, statuses, TimeProvider.System.GetElapsedTime(began));
    }

    // The first order of a part of the day moves the clock there; slow orders of the part before may still be at it.
    private async Task Reach(int slice, DateTimeOffset begin, BusinessDay day, CancellationToken cancellation)
    {
        await _moving.WaitAsync(cancellation);
        try
        {
            if (slice <= _slice)
                return;
            await MoveClock(begin + ((Evening(day) - begin) * slice / (DayPlan.Slices - 1)), cancellation);
            if (_slice < T0Slice && slice >= T0Slice && await ClearAtOnce(day, cancellation) is { } cleared)
                cleared.Must("clear T+0");
            _slice = slice;
        }
        finally
        {
            _moving.Release();
        }
    }

    /// <summary>The T+0 run of the afternoon; once more, it changes nothing and tells what it was. Null on another day,
    /// whose first run it would be.</summary>
    public async Task<ApiReply?> ClearAtOnce(BusinessDay day, CancellationToken cancellation) =>
        await Today(cancellation) == day
            ? await asOperator.Post(
                "/v1/ops/clearing", new { channel = "sandbox", term = "t0", run = 1 }, null, cancellation)
            : null;

    /// <summary>Moves the sandbox's clock to a moment; without effect when it shows a later one.</summary>
    public async Task MoveClock(DateTimeOffset to, CancellationToken cancellation)
    {
        if (await Now(cancellation) >= to)
            return;
        var reply = await asOperator.Post("/v1/sandbox/clock", new { advance_to = to }, null, cancellation);
        if (reply.Code is not "clock_only_forward")
            reply.Must("move the sandbox's clock");
    }

    public void Dispose() => _moving.Dispose();

    public void Forget() => home.Delete(NoteFile);

    private static DateTimeOffset Evening(BusinessDay day) => day.Start.AddHours(23).AddMinutes(50);

    private async Task<DateTimeOffset> Now(CancellationToken cancellation) => DateTimeOffset.Parse(
        (await Clock(cancellation))["now"]!.GetValue<string>(), CultureInfo.InvariantCulture);

    private async Task<BusinessDay> Today(CancellationToken cancellation) => BusinessDay.Of(await Now(cancellation));

    private async Task<JsonNode> Clock(CancellationToken cancellation)
    {
        var reply = await asOperator.Get("/v1/sandbox/clock", cancellation);
        return reply.Code == "not_found"
            ? throw new CommandFailedException(
                ExitCodes.Usage, "This server plays no sandbox: start ./scripts/run without --no-sandbox.")
            : reply.Must("read the sandbox's clock");
    }

    private async Task<DayNote> Note(CancellationToken cancellation)
    {
        var now = await Now(cancellation);
        if (home.Read<DayNote>(NoteFile) is { } begun
            && (begun.Payments, begun.Differences, begun.Seed) == (options.Payments, options.Differences, options.Seed)
            && begun.RefundRate.Equals(options.RefundRate))
            return begun;

        // Too late for a day's business: the next one is played.
        var begin = now.ToOffset(BusinessDay.Offset);
        if (begin.Hour >= 22)
            begin = BusinessDay.Of(now).Next.Start.AddHours(8);
        var note = new DayNote(
            begin, options.Payments, options.RefundRate, options.Differences, options.Seed);
        home.Write(NoteFile, note);
        return note;
    }

    // What the channel still has to tell us would otherwise count on the next day.
    private async Task NoticesTaken(CancellationToken cancellation)
    {
        (await asOperator.Post("/v1/ops/chase", null, null, cancellation)).Must("ask about open outcomes");
        for (var look = 0; look < 300; look++)
        {
            var notices = (await asOperator.Get("/v1/sandbox/notices", cancellation)).Must("count notices");
            if (notices["waiting"]!.GetValue<long>() == 0)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, cancellation);
        }
    }
}
