namespace Jifu.Ledger.Server.Tests.Health;

[Collection("server")]
public class HealthTests(ServerUnderTest server)
{
    [Fact]
    public async Task A_running_server_is_live_and_ready_and_describes_itself()
    {
        (await server.Send(null, "GET", "/health/live")).Status.ShouldBe(200);
        var ready = await server.Send(null, "GET", "/health/ready");
        ready.Status.ShouldBe(200);
        ready["status"].ShouldBe("ok");
        ready.Body.ShouldContain("database_writable");
        var described = await server.Send(null, "GET", "/openapi/v1.json");
        described.Status.ShouldBe(200);
        described["openapi"].ShouldStartWith("3.1");
        described.Body.ShouldContain("/v1/merchants");
    }
}
