using System.Text;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>What the stream must look like for an append to happen.</summary>
/// <param name="Version">The version of its last event, -1 for no such stream; null when any will do.</param>
/// <param name="MustExist">With any version: there must be a stream.</param>
internal readonly record struct Expectation(long? Version, bool MustExist)
{
    public static readonly Expectation Any = new(null, false);
    public static readonly Expectation StreamExists = new(null, true);
    public static readonly Expectation NoStream = new(-1, false);

    // No stream is ever so long; it is refused as any other wrong version.
    public static Expectation At(ulong revision) => new((long)Math.Min(revision, long.MaxValue - 1), false);
}

/// <summary>Events on their way to one stream, as they come in: messages, counted and weighed.</summary>
internal sealed class AppendOrder(string name, Expectation expectation)
{
    // Names and origin are short; what is longer is something else.
    private const int BytesBesideMax = 16 << 10;

    private readonly List<ProposedEvent> _events = [];
    private long _bytes;

    public string Name => name;

    public Expectation Expectation => expectation;

    public IReadOnlyList<ProposedEvent> Events => _events;

    public long Bytes => _bytes;

    /// <summary>The limit that the events exceed; null when they do not.</summary>
    public int? Exceeded { get; private set; }

    /// <summary>Adds an event. Once they are too large, the append is refused and nothing more is kept.</summary>
    public void Add(ProposedEvent one)
    {
        _bytes += one.Payload.Length;
        if (one.Payload.Length > AppendCheck.EventBytesMax || one.BytesBeside > BytesBesideMax)
            Exceeded ??= AppendCheck.EventBytesMax;
        if (_bytes > AppendCheck.BytesMax)
            Exceeded ??= AppendCheck.BytesMax;
        if (_events.Count > AppendCheck.EventsMax)
            return;
        if (Exceeded is null)
            _events.Add(one);
        else
            (_bytes, _) = (0, _events.RemoveAll(_ => true));
    }

    /// <exception cref="GrpcException">It is no name.</exception>
    public static string NameOf(StreamIdentifier? stream) => stream?.StreamName is { IsEmpty: false } name
        ? Encoding.UTF8.GetString(name.Span)
        : throw FaceRefusals.Invalid("The call names no stream.");
}

/// <summary>An event as a client sends it.</summary>
/// <param name="Metadata">EventStoreDB's own: <c>type</c> and <c>content-type</c>.</param>
/// <param name="CustomMetadata">The client's: who and why.</param>
internal sealed record ProposedEvent(
    UUID? Id, MapField<string, string> Metadata, ByteString CustomMetadata, ByteString Payload)
{
    public int BytesBeside => CustomMetadata.Length + Metadata.Sum(one => one.Key.Length + one.Value.Length);
}
