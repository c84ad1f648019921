using Jifu.Ledger.Cli.Audit;

namespace Jifu.Ledger.Cli.Tests.Audit;

/// <summary>How people write a place in the log, and what the server is asked for.</summary>
public class PointArgumentTests
{
    [Theory]
    [InlineData("12345", "12345")]
    [InlineData("start", "start")]
    [InlineData("now", "now")]
    [InlineData("2026-11-21", "2026-11-21")]
    [InlineData("2026-11-21 18:00", "2026-11-21T18:00:00.0000000+08:00")]
    [InlineData("2026-11-21T18:00:01.5", "2026-11-21T18:00:01.5000000+08:00")]
    [InlineData("2026-11-21T10:00:00Z", "2026-11-21T10:00:00.0000000+00:00")]
    [InlineData("2026-11-21 18:00:00.123456+08:00", "2026-11-21T18:00:00.1234560+08:00")]
    public void A_time_without_an_offset_is_that_of_Shanghai(string written, string asked) =>
        PointArgument.Parse(written).ShouldBe(asked);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("yesterday")]
    [InlineData("21/11/2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-11-21 25:00")]
    [InlineData("18:00")]
    [InlineData("99999999999999999999")]
    [InlineData("0001-01-01 00:00")]
    public void What_is_no_place_in_the_log_is_refused(string written) => PointArgument.Parse(written).ShouldBeNull();
}
