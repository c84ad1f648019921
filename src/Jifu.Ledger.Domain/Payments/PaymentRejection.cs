namespace Jifu.Ledger.Payments;

/// <summary>Every rule that can refuse a payment command, in the order in which they are asked.
/// The API returns these names.</summary>
public enum PaymentRejection
{
    PaymentNotFound,
    MerchantOrderNoReused,
    PaymentRefusedByRisk,
    PaymentStillPending,
    PaymentAlreadyPaid,
    PaymentAlreadyFailed,
    PaymentAlreadyClosed,
    PaymentAlreadyCancelled,
    CancelAfterRefund,
    CancelDayPassed,
    CancelWithdrawn,
    CancelNotRequested,
    RefundNotFound,
    RefundNoReused,
    RefundWithdrawn,
    SplitNoReused,
    SplitWithdrawn,
    AmountNotPositive,
    CurrencyDiffers,
    PaymentBeingCancelled,
    RefundExceedsPayment,
    SplitHasNoReceivers,
    SplitReceiverRepeated,
    SplitAmountNotPositive,
    SplitRateOutOfRange,
    SplitExceedsPayment,
}
