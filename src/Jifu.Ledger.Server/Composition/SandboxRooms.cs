using System.Security.Cryptography;
using Jifu.Ledger.Channels.Payouts;
using Jifu.Ledger.Channels.Sandbox;
using Jifu.Ledger.Channels.Simulator;
using Jifu.Ledger.Operations.Payments;

namespace Jifu.Ledger.Server.Composition;

/// <summary>Which channels and bank this process is connected to: in the sandbox, those that it plays itself, by the
/// sandbox's clock.</summary>
internal static class SandboxRooms
{
    private const string MerchantNumber = "1900000109";

    // A silent channel holds a payment up for so long; then it is unknown, and a query tells.
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(3);

    public static IServiceCollection AddChannels(
        this IServiceCollection services, ServerSettings settings, HomeFolder home, Databases databases)
    {
        if (!settings.Sandbox)
            return services.AddSingleton(new ChannelDirectory([], settings.MerchantNumbers))
                .AddSingleton<IPayoutBank, NoBank>();

        var secret = Convert.ToHexStringLower(HMACSHA256.HashData(home.MasterKey(), "sandbox channel"u8));
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = settings.SelfUrl };
        var connection = new SandboxConnection(http, secret, TimeProvider.System, AnswerWithin);
        return services
            .AddSandbox(new(
                databases.Durable, secret, new Uri(settings.SelfUrl, "/channels/sandbox/notices"), MerchantNumber))
            .AddSingleton<TimeProvider>(given => given.GetRequiredService<SandboxClock>())
            .AddSingleton(new ChannelDirectory(
                [new(new SandboxChannel(connection), Sandbox.Terms, MerchantNumber)], settings.MerchantNumbers))
            .AddSingleton<IPayoutBank>(new SandboxBank(connection));
    }

    /// <summary>Stands where no bank is connected: nothing goes out, and nothing is thought to have gone
    /// out.</summary>
    private sealed class NoBank : IPayoutBank
    {
        public Task<PayoutAnswer> Send(Payout payout, CancellationToken cancellation) => Nothing();

        public Task<PayoutAnswer> Query(string reference, CancellationToken cancellation) => Nothing();

        private static Task<PayoutAnswer> Nothing() =>
            Task.FromResult<PayoutAnswer>(new PayoutAnswer.Unknown("No bank is connected."));
    }
}
