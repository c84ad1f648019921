using System.Globalization;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.Search;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Audit;

/// <summary>A place in the log as a request names it: a position, a moment, a business day, or one of its
/// ends.</summary>
internal abstract record LogPoint
{
    private LogPoint() { }

    /// <param name="Number">Of an event.</param>
    public sealed record Position(long Number) : LogPoint;

    /// <param name="At">By the log's clock.</param>
    public sealed record Moment(DateTimeOffset At) : LogPoint;

    /// <param name="On">From its first instant to its last, Asia/Shanghai.</param>
    public sealed record Day(BusinessDay On) : LogPoint;

    /// <summary><c>start</c>: before the first event.</summary>
    public sealed record Start : LogPoint;

    /// <summary><c>now</c>: after the newest event.</summary>
    public sealed record Now : LogPoint;

    /// <summary>Reads <c>12345</c>, <c>2026-11-21T18:00:00+08:00</c>, <c>2026-11-21</c>, <c>start</c> or <c>now</c>;
    /// null for anything else.</summary>
    public static LogPoint? Parse(string text)
    {
        if (text is "start")
            return new Start();
        if (text is "now")
            return new Now();
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var position))
            return new Position(position);
        if (BusinessDay.TryParse(text, out var day))
            return LogTime.HasYear(day.Date.Year) ? new Day(day) : null;

        // Without its offset a moment is one thing here and another elsewhere.
        return text.Contains('T') && DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var at)
            && DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var kind)
            && kind.Kind != DateTimeKind.Unspecified && LogTime.HasYear(at.Year) ? new Moment(at) : null;
    }
}

/// <summary>Finds the position that a request means.</summary>
internal sealed class LogPoints(IEventLog log, TimeProvider time)
{
    /// <summary>The last position that counts as of a point; -1 for none. A point that is none, or that has not come
    /// yet, is a problem that names the parameter.</summary>
    public async Task<(long Position, Problem? Problem)> Resolve(
        string parameter, string text, CancellationToken cancellation)
    {
        var head = await log.Head(cancellation);
        return LogPoint.Parse(text) switch
        {
            LogPoint.Start => (-1, null),
            LogPoint.Now => (head, null),
            LogPoint.Position at when at.Number > head => (0, Ahead(parameter, text, head)),
            LogPoint.Position at => (at.Number, null),
            LogPoint.Moment moment when moment.At > time.GetUtcNow() =>
                (0, Wrong(parameter, $"{text} lies in the future.")),
            LogPoint.Moment moment => (await log.PositionAt(moment.At, cancellation), null),
            LogPoint.Day day => (0, Wrong(
                parameter, $"{text} is a day; say at which moment: it ends at {day.On.Next}T00:00:00+08:00.")),
            _ => (0, Wrong(parameter, $"{text} is neither a position nor a moment with its offset.")),
        };
    }

    public static Problem Ahead(string parameter, string text, long head) => Wrong(
        parameter, FormattableString.Invariant($"position {text} is not there yet; the newest event is {head}."));

    public static Problem Wrong(string parameter, string what) => new("parameter_invalid", $"{parameter}: {what}");
}
