using Jifu.Ledger.Channels;
using Jifu.Ledger.Fees;

namespace Jifu.Ledger.Operations.Payments;

/// <summary>The channels that this installation is connected to, with what each charges us.</summary>
public sealed class ChannelDirectory(IEnumerable<(IPaymentChannel Channel, ChannelTerms Terms)> channels)
{
    private readonly Dictionary<Channel, (IPaymentChannel Channel, ChannelTerms Terms)> _known =
        channels.ToDictionary(known => known.Channel.Channel);

    public IEnumerable<Channel> All => _known.Keys.Order();

    /// <summary>The connection to a channel; null when there is none.</summary>
    public (IPaymentChannel Channel, ChannelTerms Terms)? Find(Channel channel) =>
        _known.TryGetValue(channel, out var known) ? known : null;

    /// <exception cref="InvalidOperationException">We are not connected to it: a payment of ours says
    /// otherwise.</exception>
    public IPaymentChannel this[Channel channel] => Find(channel)?.Channel
        ?? throw new InvalidOperationException($"No connection to {channel.Name()}.");
}
