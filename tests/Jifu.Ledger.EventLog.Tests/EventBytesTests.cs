using System.Text;
using Jifu.Ledger.Domain.Tests;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>What the log holds of each event. Who changes these bytes changes what was stored for years.</summary>
public class EventBytesTests
{
    [Fact]
    public void Each_event_is_stored_as_this() => string.Concat(EventExamples.All
        .Select(example => $"{LedgerEvents.Codec.TypeName(example.GetType())}\n  {Written(example)}\n")
        .Order(StringComparer.Ordinal)).ShouldMatchApproved(o => o.NoDiff());

    [Fact]
    public void Each_event_has_one_example() => EventExamples.All
        .Select(example => LedgerEvents.Codec.TypeName(example.GetType())).Order(StringComparer.Ordinal)
        .ShouldBe(LedgerEvents.Codec.TypeNames);

    [Fact]
    public void Each_event_reads_back_equal()
    {
        foreach (var example in EventExamples.All)
        {
            var type = LedgerEvents.Codec.TypeName(example.GetType());
            LedgerEvents.Codec.Decode(new RecordedEvent(
                0, new("payment", "p1"), 0, Guid.Empty, type, LedgerEvents.Codec.Write(example), new("a", "c"),
                DateTimeOffset.UnixEpoch)).ShouldBe(example, type);
        }
    }

    private static string Written(object example) => Encoding.UTF8.GetString(LedgerEvents.Codec.Write(example));
}
