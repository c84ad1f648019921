using Jifu.Ledger.Channels.Simulator;
using Jifu.Ledger.Server.Api.Admission;

namespace Jifu.Ledger.Server.Api;

/// <summary>The sandbox channel (沙箱渠道) at the addresses where it is reached and steered.</summary>
internal static class PlayedChannel
{
    public static void MapPlayedChannel(this IEndpointRouteBuilder app, RouteGroupBuilder v1)
    {
        app.MapSandbox();
        v1.MapGroup("/sandbox").WithTags("Sandbox 沙箱").Admits(Role.Operator).MapSandboxControl();
    }
}
