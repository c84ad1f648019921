using Npgsql;

namespace Jifu.Ledger.EventLog.PostgreSql;

/// <summary>What a failure of the database means for what was being written.</summary>
internal static class DatabaseFailure
{
    /// <summary>Classes 22 and 23, the data or a constraint: trying the same again would end the same.</summary>
    public static bool IsRefusal(this PostgresException failure) =>
        failure.SqlState.StartsWith("22", StringComparison.Ordinal)
        || failure.SqlState.StartsWith("23", StringComparison.Ordinal);

    /// <summary>A serialization failure or a deadlock: rolled back for certain, and worth another try, but not for
    /// ever.</summary>
    public static bool IsClash(this PostgresException failure) =>
        failure.SqlState is PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected;
}
