using System.Runtime.ExceptionServices;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.Payments;
using Jifu.Ledger.ReadModels;
using Jifu.Ledger.ReadModels.Payments;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Follows the log and makes a notice of each end of a payment or refund whose merchant wants to hear of it:
/// exactly one an event, however often it is stopped and started.</summary>
/// <remarks>Two processes may run at once: the checkpoint lets only one of them write a page. An event that does not
/// read, or has no beginning, stops the notices at its place, with an alarm that repeats, until people have skipped it
/// for the read model <c>payments</c>.</remarks>
/// <param name="log">Whose events to tell of.</param>
/// <param name="database">Holds the schema <c>notices</c>.</param>
/// <param name="clock">The system's clock, which says when notices are due; not the clock of business.</param>
/// <param name="logger">Told of troubles.</param>
public sealed partial class NoticeFollower(
    IEventLog log, NpgsqlDataSource database, TimeProvider clock, ILogger<NoticeFollower> logger)
{
    private const int PageMax = 1000;
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AfterFault = TimeSpan.FromSeconds(30);

    private static readonly string Created = LedgerEvents.Codec.TypeName(typeof(PaymentEvent.Created));

    private static readonly HashSet<string> Ends = new Type[]
    {
        typeof(PaymentEvent.Succeeded), typeof(PaymentEvent.Failed), typeof(PaymentEvent.Closed),
        typeof(PaymentEvent.Cancelled), typeof(PaymentEvent.RefundSucceeded), typeof(PaymentEvent.RefundFailed),
    }.Select(LedgerEvents.Codec.TypeName).ToHashSet(StringComparer.Ordinal);

    private static readonly HashSet<string> Known = LedgerEvents.Codec.TypeNames.ToHashSet(StringComparer.Ordinal);

    private static readonly string Payments = new PaymentProjection().Name;

    private readonly NoticeOrders _orders = new(log);

    /// <summary>Follows the log until cancelled. Troubles of the database are waited out.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        var isDoubted = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                // Another database may stand behind it now, which the log finds out before it tells more of the old.
                if (isDoubted)
                    await log.Head(cancellation);
                isDoubted = false;
                var position = await CatchUp(cancellation);
                await log.WaitPast(position, cancellation);
            }
            catch (Exception e) when (IsPassing(e) && !cancellation.IsCancellationRequested)
            {
                LogTrouble(e);
                isDoubted = true;
                await SilentWriter.CutOff(database, "notices.checkpoint", e, cancellation);
                await Task.Delay(AfterTrouble, clock, cancellation);
            }
            catch (Exception e) when (!cancellation.IsCancellationRequested)
            {
                LogFault(e);
                await Task.Delay(AfterFault, clock, cancellation);
            }
        }
    }

    /// <summary>Makes the notices of all that the log holds now.</summary>
    /// <returns>The position of the last event looked at; -1 for none.</returns>
    public async Task<long> CatchUp(CancellationToken cancellation)
    {
        var position = await NoticePage.Checkpoint(database, cancellation);
        while (await log.ReadAll(position, PageMax, cancellation) is { Count: > 0 } page)
        {
            var (notices, passed, fault) = await Notices(page, cancellation);
            var end = passed == 0 ? position : page[passed - 1].Position;
            var written = await NoticePage.TryWrite(
                database, position, end, notices, clock.GetUtcNow(), cancellation);
            if (written)
                fault?.Throw();
            position = written ? end : await NoticePage.Checkpoint(database, cancellation);
        }

        return position;
    }

    /// <returns>What there is to tell of, how many events that is of, and what is wrong with the next one.</returns>
    private async Task<(List<Notice> Notices, int Passed, ExceptionDispatchInfo? Fault)> Notices(
        IReadOnlyList<RecordedEvent> page, CancellationToken cancellation)
    {
        var notices = new List<Notice>();
        for (var i = 0; i < page.Count; i++)
        {
            try
            {
                if (!ForeignEvent.IsIn(page[i].Stream) && await Made(page[i], cancellation) is { } notice)
                    notices.Add(notice);
            }
            catch (Exception e) when (!IsPassing(e) && !cancellation.IsCancellationRequested)
            {
                // What people have taken out of the way of how payments stand, nobody is told of either.
                if (!(await Skips.Read(log, [Payments], cancellation)).Has(Payments, page[i].Position))
                    return (notices, i, ExceptionDispatchInfo.Capture(e));
            }
        }

        return (notices, page.Count, null);
    }

    private async Task<Notice?> Made(RecordedEvent raw, CancellationToken cancellation)
    {
        if (raw.Unreadable is { } why)
            throw new InvalidDataException(why);

        // A newer program wrote what this one does not know, and may have to tell of it.
        if (!Known.Contains(raw.Type))
            throw new UnknownEventTypeException(raw.Position, raw.Stream, raw.Type);
        if (raw.Type == Created)
        {
            var created = (PaymentEvent.Created)LedgerEvents.Codec.Decode(raw);
            _orders.Remember(raw.Stream.Id, created.Order);
        }

        if (!Ends.Contains(raw.Type))
            return null;
        var recorded = LedgerEvents.Codec.Decode<PaymentEvent>(raw);
        var (order, url) = await _orders.Find(recorded, cancellation);
        return string.IsNullOrEmpty(url) ? null : NoticeOf.Event(recorded, order, url);
    }

    private static bool IsPassing(Exception e) =>
        e is EventLogUnavailableException or TimeoutException || (e is NpgsqlException trouble && trouble.Passes());

    [LoggerMessage(LogLevel.Warning, "Notices wait for the database")]
    private partial void LogTrouble(Exception cause);

    [LoggerMessage(LogLevel.Critical, "No notices are made: an event, or the database, is not as it should be")]
    private partial void LogFault(Exception cause);
}
