using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

using Options = BatchAppendReq.Types.Options;

/// <summary>One append of a batch, from its first message to its answer.</summary>
internal sealed class BatchedAppend(UUID correlation, Options options)
{
    // What lasts longer needs no timer.
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromDays(1);

    private readonly AppendOrder _order =
        new(AppendOrder.NameOf(options.StreamIdentifier), ExpectationOf(options));

    private long _cameAt;

    public string Name => _order.Name;

    public long Bytes => _order.Bytes + (2L * (correlation?.CalculateSize() ?? 0));

    /// <summary>How long ago it was begun, or gone on with.</summary>
    public TimeSpan Idle => TimeProvider.System.GetElapsedTime(_cameAt);

    public void Add(IEnumerable<BatchAppendReq.Types.ProposedMessage> messages)
    {
        _cameAt = TimeProvider.System.GetTimestamp();
        foreach (var one in messages)
            _order.Add(new(one.Id, one.Metadata, one.CustomMetadata, one.Data));
    }

    /// <summary>Carries it out. A refusal is an answer too: the call goes on.</summary>
    public async Task<BatchAppendResp> Answer(AppendDesk desk, Admission admission, CancellationToken ended)
    {
        using var deadline = Left() is { } left
            ? new CancellationTokenSource(left, TimeProvider.System)
            : new();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ended, deadline.Token);
        try
        {
            var answer = await desk.Append(admission, _order, either.Token);
            return answer.Conflict
                ? Refused(Code.AlreadyExists, nameof(WrongExpectedVersion), WrongOf(answer.Version))
                : Succeeded(answer);
        }
        catch (GrpcException e)
        {
            return Refused(e);
        }
        catch (OperationCanceledException) when (!ended.IsCancellationRequested)
        {
            return Refused(
                Code.DeadlineExceeded, "Not written in time; it may still be: repeat the same ids.",
                new EventLog.EventStoreDb.Protocol.Timeout());
        }
        catch (Exception e) when (FaceRefusals.Of(e) is { } refusal)
        {
            return Refused(refusal);
        }
    }

    /// <summary>The answer that nothing was written, or that nobody knows.</summary>
    public BatchAppendResp Refused(GrpcException refusal) => Refused(refusal.Code, refusal.Detail, DetailOf(refusal));

    private BatchAppendResp Empty()
    {
        var answer = new BatchAppendResp { CorrelationId = correlation, StreamIdentifier = options.StreamIdentifier };
        switch (options.ExpectedStreamPositionCase)
        {
            case Options.ExpectedStreamPositionOneofCase.StreamPosition:
                answer.StreamPosition = options.StreamPosition;
                break;
            case Options.ExpectedStreamPositionOneofCase.NoStream:
                answer.NoStream = new();
                break;
            case Options.ExpectedStreamPositionOneofCase.StreamExists:
                answer.StreamExists = new();
                break;
            default:
                answer.Any = new();
                break;
        }

        return answer;
    }

    private BatchAppendResp Succeeded(AppendAnswer answer)
    {
        var response = Empty();
        response.Success = new()
        {
            CurrentRevision = (ulong)answer.Version,
            Position = new() { CommitPosition = (ulong)answer.Position, PreparePosition = (ulong)answer.Position },
        };
        return response;
    }

    /// <param name="detail">Always: official clients look into it without asking whether it is there.</param>
    private BatchAppendResp Refused(Code code, string message, IMessage detail)
    {
        var response = Empty();
        response.Error = new() { Code = code, Message = message, Details = Any.Pack(detail) };
        return response;
    }

    private static IMessage DetailOf(GrpcException e) => e.EventStoreError switch
    {
        EventStoreTrailers.AccessDenied => new AccessDenied(),
        EventStoreTrailers.MaximumAppendSizeExceeded => new MaximumAppendSizeExceeded
        {
            MaxAppendSize = uint.Parse(
                e.Trailers[EventStoreTrailers.MaximumAppendSize], System.Globalization.CultureInfo.InvariantCulture),
        },

        // The one for Node passes on the words of no other, and tells its caller nothing at all of an Unknown.
        _ => new BadRequest { Message = e.Detail },
    };

    private WrongExpectedVersion WrongOf(long current)
    {
        var wrong = new WrongExpectedVersion();
        if (current < 0)
            wrong.CurrentNoStream = new();
        else
            wrong.CurrentStreamRevision = (ulong)current;
        switch (options.ExpectedStreamPositionCase)
        {
            case Options.ExpectedStreamPositionOneofCase.StreamPosition:
                wrong.ExpectedStreamPosition = options.StreamPosition;
                break;
            case Options.ExpectedStreamPositionOneofCase.NoStream:
                wrong.ExpectedNoStream = new();
                break;
            case Options.ExpectedStreamPositionOneofCase.StreamExists:
                wrong.ExpectedStreamExists = new();
                break;
            default:
                wrong.ExpectedAny = new();
                break;
        }

        return wrong;
    }

    // In seconds, for neither form need be one that a program could hold otherwise.
    private TimeSpan? Left()
    {
        var seconds = options.DeadlineOptionCase switch
        {
            Options.DeadlineOptionOneofCase.Deadline => options.Deadline.Seconds + (options.Deadline.Nanos / 1e9),
            Options.DeadlineOptionOneofCase.Deadline21100 =>
                options.Deadline21100.Seconds + (options.Deadline21100.Nanos / 1e9)
                - (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds,
            _ => double.MaxValue,
        };
        return Math.Abs(seconds) < LongestDeadline.TotalSeconds || seconds < 0
            ? TimeSpan.FromSeconds(Math.Max(seconds, 0))
            : null;
    }

    private static Expectation ExpectationOf(Options options) => options.ExpectedStreamPositionCase switch
    {
        Options.ExpectedStreamPositionOneofCase.StreamPosition => Expectation.At(options.StreamPosition),
        Options.ExpectedStreamPositionOneofCase.NoStream => Expectation.NoStream,
        Options.ExpectedStreamPositionOneofCase.StreamExists => Expectation.StreamExists,
        Options.ExpectedStreamPositionOneofCase.Any => Expectation.Any,
        _ => throw FaceRefusals.Invalid("The append does not say what it expects of the stream."),
    };
}
