using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.EventStoreFace.Reads;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>What became of an append.</summary>
/// <param name="Conflict">True when the stream is not as expected; nothing was written.</param>
/// <param name="Version">Of the last event appended; on a conflict, of the stream as it is, -1 for none.</param>
/// <param name="Position">Of the last event appended.</param>
internal readonly record struct AppendAnswer(bool Conflict, long Version, long Position);

/// <summary>Appends what clients send, with EventStoreDB's expectations on top of the log's.</summary>
/// <remarks>
/// A repeat of the same ids is recognised and quiet. Where any version will do, appends of this process to one stream
/// take turns, so that they do not lose races to each other without end.
/// </remarks>
internal sealed class AppendDesk(IEventLog log, LogTail tail) : IDisposable
{
    private const int AttemptsMax = 10;
    private const int Turns = 64;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    /// <exception cref="GrpcException">It is refused.</exception>
    public async Task<AppendAnswer> Append(
        Admission admission, AppendOrder order, CancellationToken cancellation)
    {
        var (stream, events, metadata) = AppendRules.Checked(admission.Caller, order);
        await admission.Check();
        try
        {
            if (order.Expectation.Version is { } version)
                return Answer(await log.Append(stream, version, events, metadata, cancellation));
            var turn = _turns[unchecked((uint)stream.GetHashCode()) % Turns];
            await turn.WaitAsync(cancellation);
            try
            {
                return await AppendAtEnd(stream, order.Expectation.MustExist, events, metadata, cancellation);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (ArgumentException e)
        {
            throw FaceRefusals.Invalid(e.Message);
        }
    }

    public void Dispose()
    {
        foreach (var turn in _turns)
            turn.Dispose();
    }

    private async Task<AppendAnswer> AppendAtEnd(
        StreamName stream, bool mustExist, IReadOnlyList<EventToAppend> events, EventMetadata metadata,
        CancellationToken cancellation)
    {
        Guid[] ids = [.. events.Select(one => one.EventId)];
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var version = await tail.Version(stream, cancellation);
            if (version < 0 && mustExist)
                return new(true, version, -1);
            var places = version < 0 ? [] : await tail.Recent(stream, version, ids, cancellation);
            if (Earlier(stream, ids, places) is { } earlier)
                return earlier;
            var answer = Answer(await log.Append(stream, version, events, metadata, cancellation));
            if (!answer.Conflict)
                return answer;
        }

        throw new GrpcException(Code.Aborted, $"Others kept writing to {stream}; nothing of this was written.");
    }

    /// <summary>Where an earlier try has put the same events; null when there was none.</summary>
    /// <exception cref="GrpcException">Only some of them stand there, or in another order.</exception>
    private static AppendAnswer? Earlier(StreamName stream, Guid[] ids, IReadOnlyList<Place> places)
    {
        if (places.Count == 0)
            return null;
        var isWhole = places.Select(place => place.Id).SequenceEqual(ids)
            && places[^1].Version - places[0].Version == ids.Length - 1;
        return isWhole
            ? new(false, places[^1].Version, places[^1].Position)
            : throw new GrpcException(Code.AlreadyExists, FormattableString.Invariant(
                $"Event {places[0].Id} stands in {stream} at revision {places[0].Version}, without the others."));
    }

    private static AppendAnswer Answer(AppendResult result) =>
        new(result.Outcome == AppendOutcome.Conflict, result.Version, result.Position);
}
