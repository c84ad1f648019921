using Jifu.Ledger.Channels.Simulator.Bills;
using Jifu.Ledger.Channels.Simulator.Endpoints;
using Jifu.Ledger.Channels.Simulator.Notices;
using Jifu.Ledger.Channels.Simulator.Payments;
using Jifu.Ledger.Channels.Simulator.Payouts;
using Jifu.Ledger.EventLog.PostgreSql;
using Jifu.Ledger.Fees;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Jifu.Ledger.Channels.Simulator;

/// <summary>The sandbox channel and its bank, played by whichever server maps them. For development and tests: its
/// money does not exist.</summary>
public static class Sandbox
{
    /// <summary>Its tables, in the schema <c>sandbox</c>.</summary>
    public static readonly SchemaModule Schema =
        new("sandbox", typeof(Sandbox).Assembly, "Jifu.Ledger.Channels.Simulator.Schema.");

    /// <summary>What the sandbox channel charges us: 0.38 % of each payment, returned with refunds.</summary>
    public static readonly ChannelTerms Terms = new(Channel.Sandbox, new Rate(3_800), FeeOnRefund.Returned);

    /// <summary>Registers what the endpoints need, the sending of notices, and <see cref="SandboxClock"/>.</summary>
    public static IServiceCollection AddSandbox(this IServiceCollection services, SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var clock = new SandboxClock(settings.Database, TimeProvider.System);
        var queue = new NoticeQueue(clock.SystemClock);
        var database = new SandboxDatabase(settings.Database, clock);
        var bills = new BillBook(database, settings, clock);
        return services
            .AddSingleton(settings)
            .AddSingleton(clock)
            .AddSingleton(new PaymentCounter(database, queue))
            .AddSingleton(new RefundCounter(database, queue))
            .AddSingleton(new PayoutDesk(database))
            .AddSingleton(bills)
            .AddSingleton(new FundFlowBook(database, settings, bills))
            .AddSingleton(new PlantedDifferences(database))
            .AddSingleton(new NoticeCount(settings))
            .AddSingleton<IHostedService>(provider => new NoticeDelivery(
                settings, queue, clock.SystemClock, provider.GetRequiredService<ILogger<NoticeDelivery>>()));
    }

    /// <summary>Maps what the channel offers, under <c>/sandbox</c>: signed requests, and the payer's phone.</summary>
    public static IEndpointRouteBuilder MapSandbox(this IEndpointRouteBuilder endpoints)
    {
        var sandbox = endpoints.MapGroup("/sandbox");
        sandbox.ExcludeFromDescription();
        ChannelEndpoints.Map(sandbox);
        return endpoints;
    }

    /// <summary>Maps what steers the sandbox: its clock and the differences in its bills. Admits anybody whom the group
    /// admits.</summary>
    public static IEndpointRouteBuilder MapSandboxControl(this IEndpointRouteBuilder group)
    {
        ControlEndpoints.Map(group);
        return group;
    }
}
