using Jifu.Ledger.EventLog.EventStoreDb.Protocol;

namespace Jifu.Ledger.Server.EventStoreFace.Appends;

using Options = AppendReq.Types.Options;
using Wrong = AppendResp.Types.WrongExpectedVersion;

/// <summary>Answers <c>Streams.Append</c>: one append, whose events come one a message.</summary>
internal sealed class AppendCall(AppendDesk desk, AppendRoom room)
{
    public async Task Answer(FaceCall call, Admission admission)
    {
        using var intake = new AppendIntake(call, room);
        if (await intake.Next(AppendBytes.ParseOne, isUnderWay: false) is not { Options: { } options })
            throw FaceRefusals.Invalid("The first message says where to append.");
        var order = new AppendOrder(AppendOrder.NameOf(options.StreamIdentifier), ExpectationOf(options));
        intake.Keep(order.Bytes);
        while (await intake.Next(AppendBytes.ParseOne, isUnderWay: true) is { } message)
        {
            if (message.ProposedMessage is not { } proposed)
                throw FaceRefusals.Invalid("Each message after the first holds one event.");
            var before = order.Bytes;
            order.Add(new(proposed.Id, proposed.Metadata, proposed.CustomMetadata, proposed.Data));
            intake.Keep(order.Bytes - before);
        }

        var answer = await desk.Append(admission, order, call.Ended);
        await intake.Taken(call.AnswerOnce(answer.Conflict
            ? new() { WrongExpectedVersion = WrongOf(order.Expectation, answer.Version) }
            : new AppendResp
            {
                Success = new()
                {
                    CurrentRevision = (ulong)answer.Version,
                    Position = new()
                    {
                        CommitPosition = (ulong)answer.Position, PreparePosition = (ulong)answer.Position,
                    },
                },
            }));
    }

    private static Expectation ExpectationOf(Options options) => options.ExpectedStreamRevisionCase switch
    {
        Options.ExpectedStreamRevisionOneofCase.Revision => Expectation.At(options.Revision),
        Options.ExpectedStreamRevisionOneofCase.NoStream => Expectation.NoStream,
        Options.ExpectedStreamRevisionOneofCase.StreamExists => Expectation.StreamExists,
        Options.ExpectedStreamRevisionOneofCase.Any => Expectation.Any,
        _ => throw FaceRefusals.Invalid("The call does not say what it expects of the stream."),
    };

    // Everything twice: clients of 20.6 read the first half.
    private static Wrong WrongOf(Expectation expectation, long current)
    {
        var wrong = new Wrong();
        if (current < 0)
            (wrong.NoStream2060, wrong.CurrentNoStream) = (new(), new());
        else
            (wrong.CurrentRevision2060, wrong.CurrentRevision) = ((ulong)current, (ulong)current);
        switch (expectation)
        {
            case { Version: -1 }:
                (wrong.ExpectedRevision2060, wrong.ExpectedNoStream) = (ulong.MaxValue, new());
                break;
            case { Version: { } version }:
                (wrong.ExpectedRevision2060, wrong.ExpectedRevision) = ((ulong)version, (ulong)version);
                break;
            case { MustExist: true }:
                (wrong.StreamExists2060, wrong.ExpectedStreamExists) = (new(), new());
                break;
            default:
                (wrong.Any2060, wrong.ExpectedAny) = (new(), new());
                break;
        }

        return wrong;
    }
}
