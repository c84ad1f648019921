using Jifu.Ledger.Channels;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Benchmarks;

/// <summary>A channel whose payer has paid at once: what is measured is the ledger, not the channel.</summary>
internal sealed class InstantChannel(TimeProvider time) : IPaymentChannel
{
    public Channel Channel => Channel.Sandbox;

    public Task<ChannelAnswer> Pay(PaymentId payment, PaymentOrder order, CancellationToken cancellation) =>
        Task.FromResult<ChannelAnswer>(new ChannelAnswer.Paid($"ch{payment}", order.Amount, time.GetUtcNow()));

    public Task<ChannelAnswer> Query(PaymentId payment, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelAnswer> Close(PaymentId payment, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelAnswer> Revoke(PaymentId payment, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelAnswer> Refund(ChannelRefund refund, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelAnswer> QueryRefund(string refundNo, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelBillFile?> DownloadBill(BusinessDay day, CancellationToken cancellation) => throw NotAsked();

    public bool GivesFundFlow => false;

    public Task<ChannelBillFile?> DownloadFundFlow(BusinessDay day, CancellationToken cancellation) => throw NotAsked();

    public Task<ChannelFunds?> QueryFunds(BusinessDay day, CancellationToken cancellation) => throw NotAsked();

    public ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body) =>
        throw NotAsked();

    private static NotSupportedException NotAsked() => new("The benchmark asks a channel for payments only.");
}
