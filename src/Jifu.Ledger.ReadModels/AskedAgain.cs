namespace Jifu.Ledger.ReadModels;

/// <summary>Asks what does not answer again each second, for two minutes: what has taken an hour to fold is not thrown
/// away for a moment in which the database has no connection, or starts.</summary>
internal static class AskedAgain
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <param name="passes">Says which failures are worth another try. The last one is thrown.</param>
    public static async Task<T> While<T>(
        Func<Exception, bool> passes, Func<Task<T>> ask, TimeProvider time, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (Exception e) when (passes(e) && time.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
