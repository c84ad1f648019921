namespace Jifu.Ledger.EventLog;

/// <summary>An event that another program keeps in this log. It means nothing to the ledger: projections pass over
/// it.</summary>
/// <remarks>
/// It is known by the stream it stands in, whose category begins with <see cref="Prefix"/>, and by nothing else. So an
/// older program never takes a new kind of event of the ledger itself for a foreign one: that parks it.
/// </remarks>
/// <param name="Type">What its writer calls it; begins with <see cref="Prefix"/> too.</param>
public sealed record ForeignEvent(string Type)
{
    /// <summary>What the category of each foreign stream begins with, as in <c>ext.shop-42</c>. No category of the
    /// ledger ever does.</summary>
    public const string Prefix = "ext.";

    /// <summary>True when the stream is another program's.</summary>
    public static bool IsIn(StreamName stream) =>
        stream.Category?.StartsWith(Prefix, StringComparison.Ordinal) ?? false;
}
