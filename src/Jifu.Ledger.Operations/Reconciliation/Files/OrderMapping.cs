namespace Jifu.Ledger.Operations.Reconciliation.Files;

/// <summary>What an export's amounts count.</summary>
public enum AmountUnit
{
    None = 0,
    Yuan = 1,
    Fen = 2,
}

/// <summary>How an export's characters are written.</summary>
public enum OrderEncoding
{
    None = 0,
    Utf8 = 1,
    Gb18030 = 2,
}

/// <summary>Which columns of somebody's order export hold what, by their headings. What is null the export does not
/// have, and it is not compared.</summary>
/// <remarks>Headings are compared after spaces around them are cut off; the line of headings may stand below others.
/// </remarks>
public sealed record OrderMapping
{
    /// <summary>The number that the channel's bill has too: the order's, or of a refund the refund's.</summary>
    public required string Number { get; init; }

    /// <summary>The refund's number, where rows of refunds have one besides; where that cell is empty, theirs is
    /// <see cref="Number"/>, too.</summary>
    public string? RefundNumber { get; init; }

    public required string Amount { get; init; }

    /// <summary>How much of an order was refunded so far, beside its payment, where refunds have no rows of their own:
    /// it is held against the bill's refunds of that payment.</summary>
    public string? Refunded { get; init; }

    /// <summary>Says which of payment, refund and revocation a row is. Without it a negative amount is a refund, if
    /// <see cref="NegativeRefunds"/>, and all else a payment.</summary>
    public string? Kind { get; init; }

    public ValueList<string> PaymentWords { get; init; } = ["payment", "pay", "支付", "收款", "交易", "SUCCESS"];
    public ValueList<string> RefundWords { get; init; } = ["refund", "退款", "REFUND"];
    public ValueList<string> RevokeWords { get; init; } = ["revoke", "撤销", "REVOKED"];

    /// <summary>What the channel charged; rounded to fen, half to even.</summary>
    public string? Fee { get; init; }

    /// <summary>True when what is charged for payments stands with a minus sign, as Alipay's bills write it.</summary>
    public bool NegativeFees { get; init; }

    /// <summary>True when what is given back of refunds' fees stands without a minus sign.</summary>
    public bool PositiveRefundFees { get; init; }

    /// <summary>Rows whose status is none of <see cref="SuccessWords"/> are not expected in the bill.</summary>
    public string? Status { get; init; }

    public ValueList<string> SuccessWords { get; init; } =
        ["success", "SUCCESS", "succeeded", "成功", "支付成功", "已支付", "退款成功"];

    /// <summary>All other words for a status: one of neither list refuses the file. Null when any other word says that
    /// a row is not done.</summary>
    public ValueList<string>? NotDoneWords { get; init; }

    /// <summary>When it happened: Beijing time, or with an offset of its own. Needed for the cut-off.</summary>
    public string? At { get; init; }

    /// <summary>The channel's own number.</summary>
    public string? Reference { get; init; }

    /// <summary>The merchant number at the channel.</summary>
    public string? Merchant { get; init; }

    public AmountUnit Unit { get; init; } = AmountUnit.Yuan;
    public OrderEncoding Encoding { get; init; } = OrderEncoding.Utf8;
    public char Separator { get; init; } = ',';

    /// <summary>True when refunds stand with a minus sign, and the sign is not part of the amount.</summary>
    public bool NegativeRefunds { get; init; }
}
