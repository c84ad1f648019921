using Npgsql;

namespace Jifu.Ledger.ReadModels;

/// <summary>What a failure of the database says about trying the same again.</summary>
public static class DatabaseTrouble
{
    // Of a transaction in which nothing was asked, and of one that lasted.
    private const string IdleTimeout = "25P03";
    private const string TransactionTimeout = "25P04";

    /// <summary>True for what passes: a lost connection, a deadlock, a full disk, an operator, a session that was ended
    /// because we were slow, a database that takes no writes for a while.</summary>
    public static bool Passes(this NpgsqlException trouble) => trouble is not PostgresException refusal
        || refusal.IsTransient
        || refusal.SqlState.StartsWith("57", StringComparison.Ordinal)
        || refusal.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction
            or IdleTimeout or TransactionTimeout;

    /// <summary>True while the database can be read and not written: its disk is full, or it stands by.</summary>
    public static bool IsOfWritesOnly(this PostgresException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return refusal.SqlState is PostgresErrorCodes.DiskFull or PostgresErrorCodes.ReadOnlySqlTransaction;
    }
}
