namespace Jifu.Ledger.EventLog.EventStoreDb.Reads;

/// <summary>How far a subscription has come, in the server's two numbers. At an event they are equal; a checkpoint may
/// have the commit position of the event that comes next, and a prepare position before it.</summary>
internal readonly record struct Place(long Commit, long Prepare)
{
    /// <summary>What a server says that is no place.</summary>
    public static readonly Place None = At(-1);

    public static Place At(long position) => new(position, position);

    /// <summary>The one that stands later in the log.</summary>
    public static Place Later(Place one, Place other) =>
        (other.Commit, other.Prepare).CompareTo((one.Commit, one.Prepare)) > 0 ? other : one;
}
