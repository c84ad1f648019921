using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A database that is asked again, for a while, when it gives no connection: a moment in which all of them are
/// taken, or in which it starts, is no reason to throw away what has taken an hour to fold.</summary>
internal static class PatientDatabase
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <exception cref="NpgsqlException">It gave none for two minutes, or never will.</exception>
    public static async Task<NpgsqlConnection> OpenPatiently(
        this NpgsqlDataSource source, TimeProvider time, CancellationToken cancellation)
    {
        var begun = time.GetTimestamp();
        while (true)
        {
            try
            {
                return await source.OpenConnectionAsync(cancellation);
            }
            catch (NpgsqlException e) when (e.Passes() && time.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(Pause, time, cancellation);
            }
        }
    }
}
