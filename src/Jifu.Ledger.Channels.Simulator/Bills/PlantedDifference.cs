using System.Text.Json.Serialization;

namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>A difference that the channel makes in a bill on purpose, in the words in which a comparison with true
/// books should find it.</summary>
/// <param name="Class"><c>only_at_channel only_with_us amount_differs fee_differs duplicate cut_off</c>.</param>
/// <param name="Key"><c>payment:NUMBER</c> or <c>refund:NUMBER</c>.</param>
/// <param name="Theirs">What the bill says; empty when it says nothing.</param>
/// <param name="Ours">What truly happened; empty when nothing did.</param>
public sealed record PlantedDifference(string Class, string Key, string Field, string Theirs, string Ours)
{
    /// <summary>The fen that the bill says in place of the true ones; null where it replaces none.</summary>
    [JsonIgnore]
    internal long? Said { get; init; }
}

/// <summary>Why nothing was planted.</summary>
public enum PlantingRefusal
{
    /// <summary>The bill of that day was fetched; it never changes after.</summary>
    BillAlreadyFixed,

    /// <summary>Another count or seed was planted in that day.</summary>
    DifferencesAlreadyPlanted,

    /// <summary>The count is not between 1 and 1,000.</summary>
    CountOutOfRange,

    /// <summary>There is no such fault.</summary>
    FaultUnknown,
}
