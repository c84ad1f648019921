using Dapper;
using Jifu.Ledger.Channels.Sandbox;

namespace Jifu.Ledger.Channels.Simulator.Payments;

/// <summary>A payment as the channel remembers it.</summary>
internal sealed record PaymentRow(
    string PaymentId, string Reference, string Product, long Amount, long Cost, long Refunded, long CostReturned,
    string Behaviour, string State, DateTime? PaidAt, DateTime? RevokedAt)
{
    public const string RefusedCode = "payer_refused";

    /// <summary>How it stands; whoever asks.</summary>
    /// <param name="credential">Where the payer pays it.</param>
    public SandboxResult Result(string credential) => State switch
    {
        "accepted" => new(State, Credential: credential),
        "paid" => new(State, Reference: Reference, Amount: Amount, Currency: "CNY", At: PaidAt),
        "revoked" => new(State, Reference: Reference, At: RevokedAt),
        "closed" => new(State),
        "refused" => SandboxResult.Refused(RefusedCode, "The payer's bank refuses to pay."),
        _ => throw new InvalidOperationException($"{PaymentId} is {State}"),
    };

    public Behaviour Behaves => Enum.Parse<Behaviour>(Behaviour, ignoreCase: true);

    /// <summary>All of it, as the columns of a query.</summary>
    public const string Columns = """
        payment_id AS PaymentId, reference, product, amount, cost, refunded,
        cost_returned AS CostReturned, behaviour, state, paid_at AS PaidAt, revoked_at AS RevokedAt
        """;

    /// <summary>Reads one, and keeps others from changing it until the transaction ends.</summary>
    public static Task<PaymentRow?> FindForUpdate(SandboxMoment moment, string paymentId) =>
        moment.Connection.QuerySingleOrDefaultAsync<PaymentRow>(
            $"SELECT {Columns} FROM sandbox.payment WHERE payment_id = @paymentId FOR UPDATE",
            new { paymentId });
}
