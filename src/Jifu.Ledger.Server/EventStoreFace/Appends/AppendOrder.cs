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

    /// <remarks>The largest number is EventStoreDB's word for none: -1, without its sign. No stream is so long as the
    /// next ones say; they are refused as any other wrong version.</remarks>
    public static Expectation At(ulong revision) => revision == ulong.MaxValue
        ? NoStream
        : new((long)Math.Min(revision, long.MaxValue - 1), false);
}

/// <summary>Events on their way to one stream, as they come in: messages, counted and weighed.</summary>
internal sealed class AppendOrder(string name, Expectation expectation)
{
    // Names and origin are short; what is longer is something else.
    private const int BytesBesideMax = 16 << 10;

    // What an order and each event take beside their bytes, about.
    private const int BytesAround = 1 << 10;

    /// <summary>What an append of every size that is taken may weigh.</summary>
    public const long BytesMax = AppendCheck.BytesMax + (AppendCheck.EventsMax + 1L) * (BytesBesideMax + BytesAround);

    private readonly List<ProposedEvent> _events = [];
    private int _count;
    private long _payloads;
    private long _bytes;

    public string Name => name;

    public Expectation Expectation => expectation;

    /// <summary>None when they are too many or too large.</summary>
    public IReadOnlyList<ProposedEvent> Events => _events;

    /// <summary>What is kept of it in memory, names and metadata too.</summary>
    public long Bytes => BytesAround + (3L * name.Length) + _bytes;

    /// <summary>The limit that the events exceed; null when they do not.</summary>
    public int? Exceeded { get; private set; }

    /// <summary>Adds an event. Once they are too many or too large, the append is refused and nothing more is
    /// kept.</summary>
    public void Add(ProposedEvent one)
    {
        _count++;
        _payloads += one.Payload.Length;
        if (one.Payload.Length > AppendCheck.EventBytesMax || one.BytesBeside > BytesBesideMax)
            Exceeded ??= AppendCheck.EventBytesMax;
        if (_payloads > AppendCheck.BytesMax)
            Exceeded ??= AppendCheck.BytesMax;
        if (_count > AppendCheck.EventsMax || Exceeded is not null)
        {
            _events.Clear();
            _bytes = 0;
            return;
        }

        _events.Add(one);
        _bytes += one.Payload.Length + one.BytesBeside + BytesAround;
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
    public int BytesBeside { get; } = (Id?.CalculateSize() ?? 0) + CustomMetadata.Length
        + Metadata.Sum(one => one.Key.Length + one.Value.Length);
}
