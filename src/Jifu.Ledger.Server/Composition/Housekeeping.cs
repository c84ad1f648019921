using Dapper;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Forgets, every minute, what nobody can ask for any more: old nonces, old answers.</summary>
internal sealed partial class Housekeeping(Databases databases, ILogger<Housekeeping> logger) : BackgroundService
{
    // A request is let in until 300 s after a time stamp that may itself lie 300 s ahead: ten minutes, and a margin.
    private const string OldNonces = "DELETE FROM app.nonce WHERE seen_at < now() - interval '15 minutes'";

    // Thirty days are promised. Afterwards the business number still protects.
    private const string OldAnswers = "DELETE FROM app.idempotency_key WHERE created_at < now() - interval '40 days'";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), TimeProvider.System);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await using var connection = await databases.Quick.OpenConnectionAsync(stoppingToken);
                await connection.ExecuteAsync(new CommandDefinition(OldNonces, cancellationToken: stoppingToken));
                await connection.ExecuteAsync(new CommandDefinition(OldAnswers, cancellationToken: stoppingToken));
            }
            catch (Npgsql.NpgsqlException e)
            {
                Failed(logger, e.Message);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Old nonces and answers stay for another minute: {Reason}")]
    private static partial void Failed(ILogger logger, string reason);
}
