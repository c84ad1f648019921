using Jifu.Ledger.Domain.Tests;

namespace Jifu.Ledger.EventLog.Tests;

/// <summary>The quick reader of our own bytes says what the strict reader says, or nothing.</summary>
public class CanonicalJsonTests
{
    [Fact]
    public void It_reads_every_event_as_we_write_it()
    {
        foreach (var example in EventExamples.All)
            Quick(example.GetType(), LedgerEvents.Codec.Write(example)).ShouldBe(example);
    }

    [Fact]
    public void Whatever_one_changed_byte_makes_of_an_event_it_never_reads_what_the_strict_reader_refuses()
    {
        foreach (var example in EventExamples.All)
        {
            var bytes = LedgerEvents.Codec.Write(example);
            for (var i = 0; i < bytes.Length; i++)
            {
                var was = bytes[i];
                foreach (var other in " \"\\{}[],:0-x\0\u00FF"u8)
                {
                    bytes[i] = other;
                    if (Quick(example.GetType(), bytes) is { } read)
                        read.ShouldBe(Strict(example.GetType(), bytes));
                }

                bytes[i] = was;
            }

            Quick(example.GetType(), bytes[..^1]).ShouldBeNull();
            Quick(example.GetType(), [.. bytes, (byte)' ']).ShouldBeNull();
        }
    }

    private static readonly Dictionary<Type, Func<ArraySegment<byte>, object?>?> Readers = EventExamples.All
        .ToDictionary(example => example.GetType(), example => CanonicalJson.For(example.GetType()));

    private static object? Quick(Type type, byte[] bytes) => Readers[type].ShouldNotBeNull()(bytes);

    private static object? Strict(Type type, byte[] bytes) =>
        System.Text.Json.JsonSerializer.Deserialize(bytes, type, EventJson.Options);
}
