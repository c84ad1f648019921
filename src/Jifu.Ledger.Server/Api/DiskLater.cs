namespace Jifu.Ledger.Server.Api;

/// <summary>For a statement whose commit need not be on the disk when it is answered.</summary>
/// <remarks>The log of the database is written in order. So it is there, at the latest, with the next commit that waits
/// for the disk, and all that such a commit says rests on it; and within a second in any case. What is lost when the
/// database dies before is what nobody has been told anything about that lasts.</remarks>
internal static class DiskLater
{
    /// <summary>To stand in the FROM of a statement that is a transaction by itself; it has one row.</summary>
    public const string Sql = "(SELECT set_config('synchronous_commit', 'off', true)) AS disk_later";
}
