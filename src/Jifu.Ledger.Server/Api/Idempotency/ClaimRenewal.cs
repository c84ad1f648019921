using Npgsql;

namespace Jifu.Ledger.Server.Api.Idempotency;

/// <summary>Renews the claims of the requests that are carried out here, for as long as this process lives.</summary>
internal sealed class ClaimRenewal(AnswerBook book) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await book.Renew(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException)
            {
                // Then nothing else that is asked of the database succeeds, and people are told by that. The next
                // second tries again.
            }
        }
    }
}
