using System.Collections.Concurrent;
using Jifu.Ledger.Channels;
using Jifu.Ledger.Channels.Payouts;
using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Operations.Tests.Days;

/// <summary>A channel and a bank outside of our house that say what a test lets them say.</summary>
internal sealed class ScriptedChannel : IPaymentChannel, IPayoutBank
{
    public Channel Channel => Channel.Sandbox;

    public Func<PaymentId, ChannelAnswer> OnPay { get; set; } = id => new ChannelAnswer.Accepted($"code of {id}");
    public Func<PaymentId, ChannelAnswer> OnQuery { get; set; } = _ => new ChannelAnswer.Unknown("silent");
    public Func<PaymentId, ChannelAnswer> OnRevoke { get; set; } = _ => new ChannelAnswer.Unknown("silent");
    public Func<BusinessDay, ChannelBillFile?> OnBill { get; set; } = _ => null;

    /// <summary>Its fund flow of a day; null for a channel that gives none.</summary>
    public Func<BusinessDay, ChannelBillFile?>? OnFundFlow { get; set; }

    /// <summary>What it says that it has paid us for any day; null for nothing yet.</summary>
    public ChannelFunds? Funds { get; set; }

    /// <summary>Called for each payout before it is paid.</summary>
    public Action<Payout> OnPayout { get; set; } = _ => { };

    /// <summary>Every payout that the bank has paid, by its reference.</summary>
    public ConcurrentDictionary<string, Payout> PaidOut { get; } = [];

    public Task<ChannelAnswer> Pay(PaymentId payment, PaymentOrder order, CancellationToken cancellation) =>
        Task.FromResult(OnPay(payment));

    public Task<ChannelAnswer> Query(PaymentId payment, CancellationToken cancellation) =>
        Task.FromResult(OnQuery(payment));

    public Task<ChannelAnswer> Close(PaymentId payment, CancellationToken cancellation) =>
        Task.FromResult<ChannelAnswer>(new ChannelAnswer.Closed());

    public Task<ChannelAnswer> Revoke(PaymentId payment, CancellationToken cancellation) =>
        Task.FromResult(OnRevoke(payment));

    public Task<ChannelAnswer> Refund(ChannelRefund refund, CancellationToken cancellation) =>
        Task.FromResult<ChannelAnswer>(new ChannelAnswer.Unknown("silent"));

    public Task<ChannelAnswer> QueryRefund(string refundNo, CancellationToken cancellation) =>
        Task.FromResult<ChannelAnswer>(new ChannelAnswer.Unknown("silent"));

    public Task<ChannelBillFile?> DownloadBill(BusinessDay day, CancellationToken cancellation) =>
        Task.FromResult(OnBill(day));

    public bool GivesFundFlow => OnFundFlow is not null;

    public Task<ChannelBillFile?> DownloadFundFlow(BusinessDay day, CancellationToken cancellation) =>
        Task.FromResult(OnFundFlow!(day));

    public Task<ChannelFunds?> QueryFunds(BusinessDay day, CancellationToken cancellation) =>
        Task.FromResult(Funds);

    public ChannelNotice? ReadNotice(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body) => null;

    public Task<PayoutAnswer> Send(Payout payout, CancellationToken cancellation)
    {
        OnPayout(payout);
        PaidOut[payout.Reference] = payout;
        return Query(payout.Reference, cancellation);
    }

    public Task<PayoutAnswer> Query(string reference, CancellationToken cancellation) => Task.FromResult<PayoutAnswer>(
        PaidOut.ContainsKey(reference)
            ? new PayoutAnswer.Paid($"B{reference}", DateTimeOffset.UnixEpoch)
            : new PayoutAnswer.NotFound());
}
