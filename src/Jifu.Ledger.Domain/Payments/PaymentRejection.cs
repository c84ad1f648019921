namespace Jifu.Ledger.Payments;

/// <summary>Every rule that can refuse a payment command, in the order in which they are asked.
/// The API returns these names.</summary>
public enum PaymentRejection
{
    PaymentNotFound,
    MerchantOrderNoReused,
    AmountNotPositive,
    PaymentRefusedByRisk,
    PaymentStillPending,
    PaymentAlreadyPaid,
    PaymentAlreadyFailed,
    PaymentAlreadyClosed,
    PaymentAlreadyCancelled,
    PaymentBeingCancelled,
    CancelDayPassed,
    CancelAfterRefund,
    CancelNotRequested,
    RefundNotFound,
    RefundNoReused,
    RefundAlreadyFailed,
    CurrencyDiffers,
    RefundExceedsPayment,
    SplitNoReused,
    SplitHasNoReceivers,
    SplitReceiverRepeated,
    SplitAmountNotPositive,
    SplitRateOutOfRange,
    SplitExceedsPayment,
}
