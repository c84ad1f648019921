namespace Jifu.Ledger.Server.Composition;

/// <summary>Runs something until the server stops. It ends only then: whatever else ends it stops the server, which is
/// better than to go on half.</summary>
internal sealed class Loop(Func<CancellationToken, Task> run) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(
        async () =>
        {
            try
            {
                await run(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                // Asked to stop.
            }
        },
        CancellationToken.None);
}
