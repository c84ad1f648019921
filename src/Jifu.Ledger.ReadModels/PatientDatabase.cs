using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>A database that is asked again, for a while, when it gives no connection.</summary>
internal static class PatientDatabase
{
    /// <exception cref="NpgsqlException">It gave none for two minutes, or never will.</exception>
    public static Task<NpgsqlConnection> OpenPatiently(
        this NpgsqlDataSource source, TimeProvider time, CancellationToken cancellation) => AskedAgain.While(
        e => e is NpgsqlException trouble && trouble.Passes(),
        () => source.OpenConnectionAsync(cancellation).AsTask(), time, cancellation);
}
