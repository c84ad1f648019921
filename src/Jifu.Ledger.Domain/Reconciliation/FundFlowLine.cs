namespace Jifu.Ledger.Reconciliation;

/// <summary>One movement of our account with a channel (资金账单, 账务明细): money that came in or went out, whatever for.
/// </summary>
/// <param name="At">When the channel booked it.</param>
/// <param name="Number">The channel's number of this movement (资金流水单号, 账务流水号).</param>
/// <param name="Reference">The channel's number of what it was for (微信支付业务单号, 业务流水号).</param>
/// <param name="OrderNumber">Our number of what it was for (业务凭证号, 商户订单号); empty when there is none.</param>
/// <param name="Business">What it was for, in the channel's words: 交易, 退款, 提现 …</param>
/// <param name="Amount">Signed: positive comes in, negative goes out.</param>
/// <param name="Balance">What the account holds after it; null when the bill does not say.</param>
/// <param name="Account">Which account it is, as the bill says; empty when it does not.</param>
/// <param name="LineNo">Where it stands in the file, from 1.</param>
public sealed record FundFlowLine(
    DateTimeOffset At, string Number, string Reference, string OrderNumber, string Business, Money Amount,
    Money? Balance, string Account, string Note, int LineNo);
