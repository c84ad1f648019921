using Jifu.Ledger.EventLog;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Admission;

/// <summary>What a key may do.</summary>
internal enum Role
{
    /// <summary>One merchant's own payments and figures.</summary>
    Merchant,

    /// <summary>The payment company's staff and command line: terms, keys, runs.</summary>
    Operator,

    /// <summary>Reads everything, changes nothing.</summary>
    Auditor,

    /// <summary>Another program: reads all events, and keeps its own beside ours. Nothing under /v1.</summary>
    EventWriter,

    /// <summary>Another server of this ledger, whose events are kept here: writes events of any kind.</summary>
    LedgerNode,
}

/// <summary>Who signed the request. A parameter of any endpoint may ask for it.</summary>
/// <param name="Merchant">The merchant that the key belongs to; null for the other roles.</param>
internal sealed record Caller(string KeyId, Role Role, MerchantId? Merchant)
{
    /// <summary>The merchant who asks; for endpoints that admit merchants only.</summary>
    /// <exception cref="InvalidOperationException">The endpoint admits others too.</exception>
    public MerchantId Self => Merchant
        ?? throw new InvalidOperationException($"{KeyId} belongs to no merchant, and the endpoint let it in.");

    /// <summary>Whose Idempotency-Keys these are.</summary>
    public string Scope => Merchant is { } merchant ? $"merchant:{merchant}" : "operator";

    /// <summary>True when the caller may know of this merchant.</summary>
    public bool Sees(MerchantId merchant) => Merchant is null || Merchant == merchant;

    public EventMetadata Metadata(HttpContext context) => new($"key:{KeyId}", Problem.TraceIdOf(context));

    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));

    /// <exception cref="InvalidOperationException">Nobody signed: admission did not run.</exception>
    public static Caller Of(HttpContext context) => context.Features.Get<Caller>()
        ?? throw new InvalidOperationException("The endpoint asks who signed but admits unsigned requests.");
}

/// <summary>Which roles an endpoint under /v1 lets in.</summary>
internal sealed record Admitted(IReadOnlyList<Role> Roles);

/// <summary>Marks an endpoint that lets unsigned requests in.</summary>
internal sealed record AdmittedUnsigned;

/// <summary>How endpoints say whom they let in. One under /v1 that says nothing lets nobody in.</summary>
internal static class AdmissionMetadata
{
    public static TBuilder Admits<TBuilder>(this TBuilder endpoint, params Role[] roles)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new Admitted(roles));

    public static TBuilder AdmitsUnsigned<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder => endpoint.WithMetadata(new AdmittedUnsigned());
}
