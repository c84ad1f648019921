using System.Net.Http.Headers;
using Dapper;
using Jifu.Ledger.Channels.Sandbox;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Jifu.Ledger.Channels.Simulator.Notices;

/// <summary>Sends what is queued until it is answered with a 2xx: at once, then after 1, 5, 15 and 60 seconds and 5
/// minutes, by the system's clock.</summary>
/// <remarks>The next attempt is in the database before this one is made, so a killed process goes on where it
/// was.</remarks>
internal sealed partial class NoticeDelivery(
    SandboxSettings settings, NoticeQueue queue, TimeProvider system, ILogger<NoticeDelivery> log) : BackgroundService
{
    private static readonly TimeSpan[] Waits =
        [.. new[] { 1, 5, 15, 60, 300 }.Select(seconds => TimeSpan.FromSeconds(seconds))];

    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(5);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private sealed record DueNotice(long Number, byte[] Body);

    public override void Dispose()
    {
        _http.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = stoppingToken };
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var due = await Claim(stoppingToken);
                if (due.Count > 0)
                    await Parallel.ForEachAsync(due, options, Send);
                else
                    await queue.WaitForRing(await UntilNext(stoppingToken), stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException e)
            {
                DatabaseAway(e);
                await Task.Delay(Waits[0], system, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<List<DueNotice>> Claim(CancellationToken cancellation)
    {
        await using var connection = await settings.Database.OpenConnectionAsync(cancellation);
        return (await connection.QueryAsync<DueNotice>(new CommandDefinition(
            """
            UPDATE sandbox.notice SET attempts = attempts + 1, due_at = @now + (@Waits)[attempts + 1]
            WHERE number IN (
                SELECT number FROM sandbox.notice WHERE due_at <= @now
                ORDER BY due_at, number LIMIT 128 FOR UPDATE SKIP LOCKED)
            RETURNING number, body
            """,
            new { now = system.GetUtcNow().UtcDateTime, Waits }, cancellationToken: cancellation))).AsList();
    }

    private async Task<TimeSpan> UntilNext(CancellationToken cancellation)
    {
        await using var command = settings.Database.CreateCommand(
            "SELECT min(due_at) FROM sandbox.notice WHERE due_at IS NOT NULL");
        var wait = await command.ExecuteScalarAsync(cancellation) is DateTime due
            ? due - system.GetUtcNow().UtcDateTime
            : LongestSleep;

        // A millisecond more: a timer that fires early would only ask again.
        return wait <= TimeSpan.Zero ? TimeSpan.Zero
            : wait < LongestSleep ? wait + TimeSpan.FromMilliseconds(1)
            : LongestSleep;
    }

    private async ValueTask Send(DueNotice notice, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.NoticeUrl);
        request.Content = new ByteArrayContent(notice.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        var (timestamp, nonce, signature) = SandboxSignature.ForNotice(
            settings.Secret, notice.Body, system.GetUtcNow());
        request.Headers.Add(SandboxHeaders.Timestamp, timestamp);
        request.Headers.Add(SandboxHeaders.Nonce, nonce);
        request.Headers.Add(SandboxHeaders.Signature, signature);
        try
        {
            using var response = await _http.SendAsync(request, cancellation);
            if (response.IsSuccessStatusCode)
                await Taken(notice, cancellation);
            else
                NotTaken(notice.Number, $"{(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException
            || (e is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            NotTaken(notice.Number, e.Message);
        }
    }

    private async Task Taken(DueNotice notice, CancellationToken cancellation)
    {
        await using var command = settings.Database.CreateCommand(
            "UPDATE sandbox.notice SET due_at = NULL, taken_at = $1 WHERE number = $2");
        command.Parameters.Add(new() { Value = system.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new() { Value = notice.Number });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Sandbox notice {Number} was not taken: {Reason}")]
    private partial void NotTaken(long number, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The sandbox cannot read its notices; it tries again.")]
    private partial void DatabaseAway(Exception exception);
}
