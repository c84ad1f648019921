namespace Jifu.Ledger.Server.Tests.Days;

/// <summary>What happens because the clock moved.</summary>
public class ScheduleTests(ServerUnderTest server) : IClassFixture<ServerUnderTest>
{
    [Fact]
    public async Task The_schedule_closes_a_day_that_is_over_and_outlives_the_server()
    {
        var jobs = "SELECT string_agg(job_name, ' ' ORDER BY job_name) FROM quartz.qrtz_job_details";
        (await server.AsSuperuser<string>(jobs)).ShouldBe("chase_outcomes check_log close_days take_checkpoint");
        var day = await SmallDay.Begin(server);
        await day.Play();
        await day.End();
        await server.Restart();
        (await server.AsSuperuser<string>(jobs)).ShouldBe("chase_outcomes check_log close_days take_checkpoint");
        (await server.AsSuperuser<long>("SELECT count(*) FROM quartz.qrtz_triggers")).ShouldBe(4);

        await server.Fire("close_days");
        await RunningServer.Until(async () => (await day.Finance()).Status == 200);

        // The bank's answer may have come too late for the first run; then the chase asks for it.
        await RunningServer.Until(async () => await server.AsSuperuser<long>(
            "SELECT count(*) FROM views.settlement WHERE status <> 'confirmed'") == 0);
        (await day.Shop.Get("/v1/settlements")).Json.GetProperty("items").GetArrayLength().ShouldBe(1);

        // Fired again, it finds nothing to do.
        var head = await server.Head();
        await server.Fire("close_days");
        await RunningServer.Until(async () => await server.AsSuperuser<long>(
            "SELECT count(*) FROM quartz.qrtz_fired_triggers WHERE job_name = 'close_days'") == 0);
        (await day.Close()).Refusal.ShouldBe("200");
        (await server.Head()).ShouldBe(head);
    }

    [Fact]
    public async Task The_schedule_asks_about_what_has_no_end_and_closes_what_nobody_paid()
    {
        var shop = await Shop.Open(server, "chased");
        var (silent, unpaid) = (
            await shop.Pay(new("1", 500, PayerCode: "sandbox:silent")), await shop.Pay(Order.ByScan("2", 500)));
        silent["status"].ShouldBe("unknown");
        await server.CaughtUp();
        var now = DateTimeOffset.Parse(
            (await server.AsOperator("GET", "/v1/sandbox/clock"))["now"],
            System.Globalization.CultureInfo.InvariantCulture);
        await server.MoveClock(now.AddHours(3));
        await server.Fire("chase_outcomes");
        await shop.Comes(silent["payment_id"], "paid");
        await shop.Comes(unpaid["payment_id"], "closed");
    }
}
