using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.Operations.Notices;

/// <summary>Delivers notices: at least once each, signed, again after a while when a merchant does not answer as it
/// should. A slow merchant holds up only itself. Several processes may send at once.</summary>
/// <param name="database">Holds the schema <c>notices</c>.</param>
/// <param name="guard">Says which addresses may be called.</param>
/// <param name="secretOf">The bytes of a merchant's secret; null when it has none, which counts as a failed
/// attempt.</param>
/// <param name="random">From 0 to 1, for the jitter of retries; called by one thread at a time.</param>
/// <param name="clock">The system's clock: merchants compare the timestamp with theirs.</param>
/// <param name="logger">Told of troubles.</param>
public sealed partial class NoticeSender(
    NpgsqlDataSource database, AddressGuard guard, Func<MerchantId, CancellationToken, Task<byte[]?>> secretOf,
    Func<double> random, TimeProvider clock, ILogger<NoticeSender> logger) : IDisposable
{
    private const int AllMax = 128;
    private const int EachMax = 4;
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(1);

    private readonly NoticeLease _lease = new(database);
    private readonly NoticePost _post = new(guard, clock);
    private readonly SemaphoreSlim _oneEnded = new(0);
    private readonly Lock _mutex = new();
    private readonly Dictionary<string, int> _underWay = new(StringComparer.Ordinal);

    /// <summary>Sends what falls due until cancelled. What was under way then is broken off, and sent again after the
    /// next start, as merchants must expect.</summary>
    public async Task Run(CancellationToken cancellation)
    {
        try
        {
            while (true)
                await Step(cancellation);
        }
        finally
        {
            while (UnderWay().Count > 0)
                await _oneEnded.WaitAsync(Poll, CancellationToken.None);
        }
    }

    /// <summary>Sends all that is due now, and returns when each has its answer.</summary>
    /// <returns>How many attempts were made.</returns>
    public async Task<int> SendDue(CancellationToken cancellation)
    {
        var count = 0;
        while (await Start(cancellation) is { Count: > 0 } started)
        {
            await Task.WhenAll(started);
            count += started.Count;
        }

        return count;
    }

    // The semaphore holds nothing to dispose of, and the last attempt may ring it after us.
    public void Dispose() => _post.Dispose();

    private async Task Step(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            if ((await Start(cancellation)).Count == 0)
                await _oneEnded.WaitAsync(Poll, cancellation);
        }
        catch (NpgsqlException e) when (!cancellation.IsCancellationRequested)
        {
            LogTrouble(e);
            await Task.Delay(AfterTrouble, clock, cancellation);
        }
    }

    private async Task<List<Task>> Start(CancellationToken cancellation)
    {
        var underWay = UnderWay();
        var free = AllMax - underWay.Values.Sum();
        if (free == 0)
            return [];
        var taken = await _lease.Take(underWay, EachMax, free, clock.GetUtcNow(), cancellation);
        foreach (var notice in taken)
            Count(notice.Merchant, +1);
        return taken.ConvertAll(notice => Task.Run(() => Send(notice, cancellation), CancellationToken.None));
    }

    private async Task Send(LeasedNotice notice, CancellationToken cancellation)
    {
        try
        {
            var answer = await Attempt(notice, cancellation);
            double jitter;
            lock (_mutex)
                jitter = random();
            var now = clock.GetUtcNow();
            var outcome = RetrySchedule.After(answer, notice.Tries + 1, jitter, now);
            await _lease.Settle(notice, answer, outcome, now, CancellationToken.None);
            if (outcome.Status is NoticeStatus.Blocked or NoticeStatus.GivenUp)
                LogUndelivered(notice.Id, notice.Merchant, outcome.Status, answer.StatusCode, answer.Error);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The lease lapses, and the notice is sent again.
        }
        catch (Exception e)
        {
            // What came of it could not be written down: the lease lapses, and the notice is sent again.
            LogFault(notice.Id, e);
        }
        finally
        {
            Count(notice.Merchant, -1);
            _oneEnded.Release();
        }
    }

    private async Task<NoticeAnswer> Attempt(LeasedNotice notice, CancellationToken cancellation)
    {
        try
        {
            return await secretOf(notice.Merchant, cancellation) is { } secret
                ? await _post.Send(notice.Url, notice.Id, notice.Body, secret, cancellation)
                : NoticeAnswer.None("secret_missing");
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            // Whatever is wrong with one notice must not stop the others, nor come back every minute.
            LogFault(notice.Id, e);
            return NoticeAnswer.None("our_fault");
        }
    }

    private Dictionary<string, int> UnderWay()
    {
        lock (_mutex)
            return new(_underWay);
    }

    private void Count(MerchantId merchant, int change)
    {
        lock (_mutex)
        {
            var count = _underWay.GetValueOrDefault(merchant.Value) + change;
            if (count == 0)
                _underWay.Remove(merchant.Value);
            else
                _underWay[merchant.Value] = count;
        }
    }

    [LoggerMessage(LogLevel.Warning, "Notices wait for the database")]
    private partial void LogTrouble(Exception cause);

    [LoggerMessage(LogLevel.Error, "Notice {Notice} could not be sent")]
    private partial void LogFault(string notice, Exception cause);

    [LoggerMessage(LogLevel.Warning, "Notice {Notice} to {Merchant} is {Status}: answer {StatusCode}, {Error}")]
    private partial void LogUndelivered(
        string notice, MerchantId merchant, NoticeStatus status, int? statusCode, string? error);
}
