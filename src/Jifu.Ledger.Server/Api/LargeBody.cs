using Microsoft.AspNetCore.Http.Metadata;

namespace Jifu.Ledger.Server.Api;

/// <summary>Lets an endpoint take a larger body than others: a bill, a statement, a filled-in table.</summary>
internal sealed record LargeBody(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
