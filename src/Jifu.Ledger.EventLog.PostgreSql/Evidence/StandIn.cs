using System.Security.Cryptography;
using System.Text;

namespace Jifu.Ledger.EventLog.PostgreSql.Evidence;

/// <summary>What the copy holds in the place of an event that it cannot hold: the hashes of its type and payload. So
/// the events after it keep their versions, and it is proved like any other.</summary>
/// <remarks>What it writes is storage, as docs/reference/evidence.md has it.</remarks>
internal static class StandIn
{
    private const string Type = "unreadable.hashed";

    /// <summary>An event as the copy holds it: as it is, where it can.</summary>
    /// <remarks>One that looks like a stand-in has its own: else it would pass for the event that it names.</remarks>
    public static RecordedEvent Of(RecordedEvent original)
    {
        if (original.Unreadable is null && original.Type != Type)
            return original;
        var (type, payload) = (Hash(Encoding.UTF8.GetBytes(original.Type)), Hash(original.Payload.Span));
        return original with
        {
            Type = Type,
            Payload = Encoding.ASCII.GetBytes($$"""{"type_sha256":"{{type}}","payload_sha256":"{{payload}}"}"""),
        };
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
