using Jifu.Ledger.EventLog;
using Jifu.Ledger.EventLog.EventStoreDb.Grpc;
using Jifu.Ledger.EventLog.EventStoreDb.Protocol;
using Jifu.Ledger.Server.Composition;

namespace Jifu.Ledger.Server.Tests.EventStore;

public class LogPatienceTests
{
    private readonly StopWatch _watch = new();

    // Server and node start together, and the node opens its port after 25 s.
    [Fact]
    public void Users_are_waited_for_from_the_first_time_that_they_are_missed()
    {
        var patience = new LogPatience(_watch);
        patience.Bears(Because(Code.Unavailable)).ShouldBeTrue();
        _watch.Seconds = 25;
        patience.Bears(Because(Code.Unauthenticated)).ShouldBeTrue();
        _watch.Seconds = 44;
        patience.Bears(Because(Code.Unauthenticated)).ShouldBeTrue();
        _watch.Seconds = 45;
        patience.Bears(Because(Code.Unauthenticated)).ShouldBeFalse();
    }

    [Fact]
    public void A_log_that_does_not_answer_is_waited_for_five_minutes_and_missing_rights_not_at_all()
    {
        var patience = new LogPatience(_watch);
        _watch.Seconds = 299;
        patience.Bears(Because(Code.Unavailable)).ShouldBeTrue();
        patience.Bears(Because(Code.PermissionDenied)).ShouldBeFalse();
        _watch.Seconds = 300;
        patience.Bears(Because(Code.Unavailable)).ShouldBeFalse();
    }

    private static EventLogUnavailableException Because(Code code) =>
        new("It was not read.", new GrpcException(code, "no"));

    private sealed class StopWatch : TimeProvider
    {
        public int Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
