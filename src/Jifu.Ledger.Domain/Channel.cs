namespace Jifu.Ledger;

/// <summary>A payment channel (支付渠道): who moves the payer's money to us.</summary>
public enum Channel
{
    None = 0,
    Sandbox = 1,
    WeChatPay = 2,
    Alipay = 3,
    UnionPay = 4,
}
