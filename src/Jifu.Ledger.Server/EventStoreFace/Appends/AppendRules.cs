using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.Api.Admission;
using Jifu.Ledger.Server.EventStoreFace.Reads;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>What may be appended from outside, and by whom.</summary>
/// <remarks>
/// The ledger's own events come from its own rules. What another program keeps here says so in its names, so that no
/// projection ever takes it for ours, nor a later version's new events for foreign ones.
/// </remarks>
internal static class AppendRules
{
    private const int TypeLengthMax = 200;
    private const string TypeName = "type";
    private const string ActorPrefix = "key:";

    /// <exception cref="GrpcException">A rule forbids it.</exception>
    public static (StreamName Stream, IReadOnlyList<EventToAppend> Events, EventMetadata Metadata) Checked(
        Caller caller, AppendOrder order)
    {
        var stream = StreamOf(caller, order.Name);
        if (order.Exceeded is { } limit)
            throw FaceRefusals.Named(
                Code.InvalidArgument, EventStoreTrailers.MaximumAppendSizeExceeded,
                FormattableString.Invariant(
                    $"An event has at most {AppendCheck.EventBytesMax} bytes, ")
                + FormattableString.Invariant($"an append {AppendCheck.BytesMax}."),
                (EventStoreTrailers.MaximumAppendSize, FormattableString.Invariant($"{limit}")));
        if (order.Events.Count == 0)
            throw FaceRefusals.Invalid($"An append has 1 to {AppendCheck.EventsMax} events.");
        var events = order.Events.Select(one => EventOf(caller, one)).ToList();
        return (stream, events, events[0].Metadata!);
    }

    private static StreamName StreamOf(Caller caller, string name)
    {
        if (name.StartsWith('$'))
            throw FaceRefusals.AccessDenied($"{name}: there are no system streams here.");
        var stream = ReadOrder.NameOrNull(name) ?? throw FaceRefusals.Invalid(
            $"'{name}' cannot be a stream: names are CATEGORY-ID, of {StreamName.LengthMax} characters at most.");
        return caller.Role == Role.LedgerNode || ForeignEvent.IsIn(stream)
            ? stream
            : throw FaceRefusals.AccessDenied(
                $"{name} may be the ledger's own: the streams of other programs begin with '{ForeignEvent.Prefix}'.");
    }

    private static EventToAppend EventOf(Caller caller, ProposedEvent one)
    {
        if (one.Metadata.GetValueOrDefault(TypeName) is not { Length: > 0 and <= TypeLengthMax } type)
            throw FaceRefusals.Named(
                Code.InvalidArgument, EventStoreTrailers.MissingRequiredMetadata,
                $"Each event has a type of at most {TypeLengthMax} characters.",
                (EventStoreTrailers.RequiredMetadata, $"{TypeName},content-type"));
        if (caller.Role != Role.LedgerNode && !type.StartsWith(ForeignEvent.Prefix, StringComparison.Ordinal))
            throw FaceRefusals.AccessDenied(
                $"{type} may be the ledger's own: the events of other programs have types that begin with "
                + $"'{ForeignEvent.Prefix}'.");
        var id = one.Id.ToGuid();
        return id != Guid.Empty
            ? new(id, type, one.Payload.Memory) { Metadata = MetadataOf(caller, one, id) }
            : throw FaceRefusals.Invalid("An event's id is not all zeroes.");
    }

    private static EventMetadata MetadataOf(Caller caller, ProposedEvent one, Guid id)
    {
        var origin = EventOrigin.Read(one.CustomMetadata.Memory);
        var self = ActorPrefix + caller.KeyId;
        if (origin.Actor is { } actor && actor != self && caller.Role != Role.LedgerNode)
            throw FaceRefusals.Invalid($"The actor is whose key it is, {self}: leave it out.");
        return new(origin.Actor ?? self, origin.Correlation ?? $"{id}", origin.Causation);
    }
}
