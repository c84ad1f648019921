using Jifu.Ledger.Channels;
using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>A channel that this installation is connected to.</summary>
/// <param name="Terms">What it charges us.</param>
/// <param name="MerchantNumber">Our number there, which its bills bear on each row; null to take any.</param>
public sealed record ConnectedChannel(IPaymentChannel Channel, ChannelTerms Terms, string? MerchantNumber);

/// <summary>The channels that this installation is connected to.</summary>
/// <param name="numbers">Our merchant numbers at channels of which bills are brought by people.</param>
public sealed class ChannelDirectory(
    IEnumerable<ConnectedChannel> channels, IReadOnlyDictionary<Channel, string>? numbers = null)
{
    private readonly Dictionary<Channel, ConnectedChannel> _known =
        channels.ToDictionary(known => known.Channel.Channel);

    public IEnumerable<Channel> All => _known.Keys.Order();

    /// <summary>The connection to a channel; null when there is none.</summary>
    public ConnectedChannel? Find(Channel channel) => _known.GetValueOrDefault(channel);

    /// <summary>Our number at a channel, which its bills must bear; null to take any.</summary>
    public string? MerchantNumber(Channel channel) =>
        Find(channel)?.MerchantNumber ?? numbers?.GetValueOrDefault(channel);

    /// <summary>What is said of a channel that is not here.</summary>
    public static Refusal NotConnected(Channel channel) =>
        Refusal.Of(OperationRejection.ChannelNotAvailable, $"{channel.Name()} is not connected here.");

    /// <exception cref="InvalidOperationException">We are not connected to it: a payment of ours says
    /// otherwise.</exception>
    public IPaymentChannel this[Channel channel] => Find(channel)?.Channel
        ?? throw new InvalidOperationException($"No connection to {channel.Name()}.");
}
