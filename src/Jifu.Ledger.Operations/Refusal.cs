namespace Jifu.Ledger.Operations;

/// <summary>Why something was not done: one rule, by its stable code. Nothing moved.</summary>
/// <param name="Code">The rejection's name in snake_case, as docs/reference/rejections.md lists it.</param>
/// <param name="Detail">What and where, for people.</param>
public sealed record Refusal(string Code, string Detail)
{
    /// <summary>What does not agree, for programs; null where it is not about two amounts.</summary>
    public AmountsApart? Amounts { get; init; }

    public static Refusal Of<TRejection>(TRejection rejection, string detail) where TRejection : struct, Enum =>
        new(SnakeCase.Of($"{rejection}"), detail);
}

/// <summary>Two amounts that should be the same, in minor units.</summary>
public sealed record AmountsApart(string Currency, long ExpectedMinor, long FoundMinor)
{
    internal static AmountsApart Of(Money expected, Money found) =>
        new($"{expected.Currency}", expected.MinorUnits, found.MinorUnits);
}

/// <summary>Rules that no single stream can judge. The API returns these names.</summary>
public enum OperationRejection
{
    ChannelNotOpen,
    ChannelNotAvailable,
    PayerCodeMissing,
    CurrencyNotSettled,
    PaymentAlreadyCleared,
}
