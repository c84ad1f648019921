using System.Text;
using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Reads;

using Options = ReadReq.Types.Options;

/// <summary>What a client wants to read, in the log's own terms.</summary>
/// <param name="Stream">Null for all streams.</param>
/// <param name="Name">The stream's name as the client wrote it; empty for all streams.</param>
/// <param name="From">Where to begin.</param>
/// <param name="CountMax">The most events; <see cref="long.MaxValue"/> for all.</param>
/// <param name="Compatibility">What the client can bear: 1 the ends of a stream, 2 that it fell behind.</param>
internal sealed record ReadOrder(
    StreamName? Stream, string Name, ReadFrom From, bool Backwards, bool Follows, long CountMax, EventFilter? Filter,
    bool StructuredIds, uint Compatibility)
{
    /// <exception cref="EventLog.EventStoreDb.Grpc.GrpcException">It is no order, or one that nobody can
    /// carry out.</exception>
    public static ReadOrder Of(ReadReq request)
    {
        var options = request.Options ?? throw FaceRefusals.Invalid("The call has no options.");
        var name = NameOf(options);
        var follows = options.CountOptionCase == Options.CountOptionOneofCase.Subscription;
        var order = new ReadOrder(
            NameOrNull(name), name, FromOf(options), options.ReadDirection == Options.Types.ReadDirection.Backwards,
            follows, CountOf(options),
            options.FilterOptionCase == Options.FilterOptionOneofCase.Filter
                ? EventFilter.Of(options.Filter, follows)
                : null,
            options.UuidOption?.ContentCase == Options.Types.UUIDOption.ContentOneofCase.Structured,
            options.ControlOption?.Compatibility ?? 0);
        order.Check();
        return order;
    }

    /// <summary>The name of a stream, or null when there can be no stream of that name.</summary>
    public static StreamName? NameOrNull(string name)
    {
        if (name.StartsWith('$') || !AppendCheck.IsStorable(name))
            return null;
        try
        {
            return StreamName.Parse(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private void Check()
    {
        if (Follows && Backwards)
            throw FaceRefusals.Invalid("A subscription goes forwards only.");
        if (Filter is not null && Name.Length > 0)
            throw FaceRefusals.Invalid("Only $all is filtered.");
        if (Follows && Name.Length > 0 && Stream is null)
            throw FaceRefusals.Invalid(
                $"There will be no stream '{Name}': names are CATEGORY-ID, of {StreamName.LengthMax} characters at "
                + "most, and do not begin with '$'. A category is followed by a subscription to $all, filtered by the "
                + "prefix of the stream.");
    }

    private static string NameOf(Options options) => options.StreamOptionCase switch
    {
        Options.StreamOptionOneofCase.All => "",
        Options.StreamOptionOneofCase.Stream
            when options.Stream.StreamIdentifier?.StreamName is { IsEmpty: false } name =>
            Encoding.UTF8.GetString(name.Span),
        _ => throw FaceRefusals.Invalid("The call names no stream."),
    };

    private static ReadFrom FromOf(Options options) => options.StreamOptionCase switch
    {
        Options.StreamOptionOneofCase.Stream => options.Stream.RevisionOptionCase switch
        {
            Options.Types.StreamOptions.RevisionOptionOneofCase.Revision =>
                ReadFrom.At(options.Stream.Revision, isInclusiveBackwards: true),
            Options.Types.StreamOptions.RevisionOptionOneofCase.End => ReadFrom.End,
            _ => ReadFrom.Start(isInclusiveBackwards: true),
        },
        _ => options.All.AllOptionCase switch
        {
            Options.Types.AllOptions.AllOptionOneofCase.Position when
                options.All.Position.PreparePosition <= options.All.Position.CommitPosition =>
                ReadFrom.At(options.All.Position.CommitPosition, isInclusiveBackwards: false),
            Options.Types.AllOptions.AllOptionOneofCase.Position =>
                throw FaceRefusals.Invalid("A prepare position is never beyond its commit position."),
            Options.Types.AllOptions.AllOptionOneofCase.End => ReadFrom.End,
            _ => ReadFrom.Start(isInclusiveBackwards: false),
        },
    };

    private static long CountOf(Options options) => options.CountOptionCase switch
    {
        Options.CountOptionOneofCase.Count => (long)Math.Min(options.Count, long.MaxValue),
        Options.CountOptionOneofCase.Subscription => long.MaxValue,
        _ => throw FaceRefusals.Invalid("The call says neither how many events nor that it subscribes."),
    };
}

/// <summary>Where reading begins, told as the numbers beside it: it depends on the direction which is of use.</summary>
/// <remarks>EventStoreDB's ways: forwards a number is included; a subscription goes on after it; backwards a revision
/// is included, and a position of $all is not.</remarks>
/// <param name="Number">A version or position; <see cref="long.MaxValue"/> for the end.</param>
/// <param name="IsStart">True for the very beginning, which a subscription does not skip.</param>
/// <param name="Before">Backwards, the first number not to be read.</param>
internal readonly record struct ReadFrom(long Number, bool IsStart, long Before)
{
    public static readonly ReadFrom End = new(long.MaxValue, false, long.MaxValue);

    public static ReadFrom Start(bool isInclusiveBackwards) => new(0, true, isInclusiveBackwards ? 1 : 0);

    public static ReadFrom At(ulong number, bool isInclusiveBackwards)
    {
        var known = (long)Math.Min(number, long.MaxValue - 1);
        return number == ulong.MaxValue ? End : new(known, false, isInclusiveBackwards ? known + 1 : known);
    }

    public bool IsEnd => Number == long.MaxValue;

    /// <summary>Forwards, the last number not to be read.</summary>
    public long After(bool follows) => IsStart ? -1 : follows ? Number : Number - 1;
}
