namespace Jifu.Ledger.EventLog;

/// <summary>Where new ids come from: injected, so that a whole run can be repeated from one seed.</summary>
public abstract class IdSource
{
    /// <summary>A new id, unique; sorted by time where the source knows the time.</summary>
    public abstract Guid Next();

    /// <summary>Ids of version 7: time-ordered, as the database's indexes like them.</summary>
    public static IdSource TimeOrdered(TimeProvider time) => new Version7(time);

    private sealed class Version7(TimeProvider time) : IdSource
    {
#pragma warning disable RS0030 // The one place where ids are made.
        public override Guid Next() => Guid.CreateVersion7(time.GetUtcNow());
#pragma warning restore RS0030
    }
}
