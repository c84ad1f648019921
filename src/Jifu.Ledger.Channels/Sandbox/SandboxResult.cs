using Jifu.Ledger.Channels.Payouts;

namespace Jifu.Ledger.Channels.Sandbox;

/// <summary>How something stands at the sandbox channel. Which fields are there depends on
/// <see cref="State"/>.</summary>
/// <param name="State"><c>accepted paid refunded revoked closed refused not_found</c>.</param>
/// <param name="At">When it came to that state, by the sandbox's clock.</param>
internal sealed record SandboxResult(
    string State, string? Credential = null, string? Reference = null, long? Amount = null, string? Currency = null,
    DateTimeOffset? At = null, string? Code = null, string? Reason = null)
{
    /// <summary>The channel has never heard of it.</summary>
    public static readonly SandboxResult NotFound = new("not_found");

    public static SandboxResult Refused(string code, string reason) => new("refused", Code: code, Reason: reason);

    /// <summary>What it says, or <see cref="ChannelAnswer.Unknown"/> when it does not say enough.</summary>
    public ChannelAnswer ToAnswer() => this switch
    {
        { State: "accepted", Credential: { } credential } => new ChannelAnswer.Accepted(credential),
        { State: "paid", Reference: { } reference, At: { } at } when Money is { } money =>
            new ChannelAnswer.Paid(reference, money, at),
        { State: "refunded", Reference: { } reference, At: { } at } when Money is { } money =>
            new ChannelAnswer.Refunded(reference, money, at),
        { State: "revoked", Reference: { } reference, At: { } at } => new ChannelAnswer.Revoked(reference, at),
        { State: "closed" } => new ChannelAnswer.Closed(),
        { State: "not_found" } => new ChannelAnswer.NotFound(),
        { State: "refused", Code: { } code } => new ChannelAnswer.Refused(code, Reason ?? ""),
        _ => new ChannelAnswer.Unknown($"The channel's answer is incomplete: {this}"),
    };

    public PayoutAnswer ToPayoutAnswer() => this switch
    {
        { State: "paid", Reference: { } reference, At: { } at } => new PayoutAnswer.Paid(reference, at),
        { State: "not_found" } => new PayoutAnswer.NotFound(),
        { State: "refused", Code: { } code } => new PayoutAnswer.Refused(code, Reason ?? ""),
        _ => new PayoutAnswer.Unknown($"The bank's answer is incomplete: {this}"),
    };

    private Money? Money =>
        Amount is > 0 && CurrencyOf(Currency) is { } currency ? new(Amount.Value, currency) : null;

    /// <summary>A currency by its name; null when it is none of ours. Numbers are no names.</summary>
    internal static Currency? CurrencyOf(string? name) =>
        Enum.TryParse<Currency>(name, out var currency) && $"{currency}" == name && currency != default
            ? currency
            : null;
}
