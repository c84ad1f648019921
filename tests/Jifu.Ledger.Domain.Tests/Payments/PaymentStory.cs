using Jifu.Ledger.Payments;

namespace Jifu.Ledger.Domain.Tests.Payments;

/// <summary>Stories of one payment.</summary>
internal static class PaymentStory
{
    public static string Of(params PaymentCommand[] commands) =>
        Story.Of(Payment.Initial, PaymentRules.Decide, PaymentHistory.Evolve, commands);
}
