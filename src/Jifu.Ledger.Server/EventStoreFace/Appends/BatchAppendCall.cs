using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

/// <summary>Answers <c>Streams.BatchAppend</c>: many appends over one long call, each in one or more messages that
/// share an id, each answered on its own.</summary>
/// <remarks>When too many are under way, or too large ones, no more is read: the client waits.</remarks>
internal sealed partial class BatchAppendCall(AppendDesk desk, AppendRoom room, ILogger<BatchAppendCall> logger)
{
    private const int BegunMax = 256;

    // With an append that others of its call come before: these may be large, and have to wait for room themselves.
    private TimeSpan Patience => 10 * room.Patience;

    public async Task Answer(FaceCall call, Admission admission)
    {
        // The client may wait for our headers before it sends anything.
        await call.Flush();
        var begun = new Dictionary<Guid, BatchedAppend>();
        using var intake = new AppendIntake(call, room);
        using var queue = new BatchQueue(call, intake, append => AnswerTo(append, admission, call));
        try
        {
            while (await intake.Next(AppendBytes.ParseBatch, begun.Count > 0) is { } message)
            {
                if (Take(begun, message, intake) is { } append)
                    await queue.Add(append);
                if (begun.Values.FirstOrDefault(one => one.Idle > Patience) is { } left)
                    throw new GrpcException(
                        Code.DeadlineExceeded, $"Others went on, and an append to {left.Name} did not.");
            }
        }
        finally
        {
            await queue.Drain();
        }
    }

    // Whatever happens, each append is answered: its client waits for nothing else.
    private async Task<BatchAppendResp> AnswerTo(BatchedAppend append, Admission admission, FaceCall call)
    {
        try
        {
            return await append.Answer(desk, admission, call.Ended);
        }
#pragma warning disable CA1031
        catch (Exception e) when (!call.Ended.IsCancellationRequested)
#pragma warning restore CA1031
        {
            LogBroken(append.Name, call.TraceId, e);
            return append.Refused(
                new(Code.Internal, $"Something is broken on our side; trace {call.TraceId}."));
        }
    }

    /// <summary>Adds a message to its append.</summary>
    /// <returns>The append, once it is whole.</returns>
    private static BatchedAppend? Take(
        Dictionary<Guid, BatchedAppend> begun, BatchAppendReq message, AppendIntake intake)
    {
        var id = message.CorrelationId.ToGuid();
        var before = begun.GetValueOrDefault(id)?.Bytes ?? 0;
        if (!begun.TryGetValue(id, out var append))
            begun[id] = append = new(message.CorrelationId, message.Options
                ?? throw FaceRefusals.Invalid("The first message of an append says where to append."));
        append.Add(message.ProposedMessages);
        intake.Keep(append.Bytes - before);
        if (message.IsFinal)
        {
            begun.Remove(id);
            return append;
        }

        return begun.Count <= BegunMax && begun.Values.Sum(one => one.Bytes) <= AppendOrder.BytesMax
            ? null
            : throw new GrpcException(Code.ResourceExhausted, "Too many appends were begun and not finished.");
    }

    [LoggerMessage(LogLevel.Error, "An append to {Stream} broke (trace {Trace})")]
    private partial void LogBroken(string stream, string trace, Exception cause);
}
