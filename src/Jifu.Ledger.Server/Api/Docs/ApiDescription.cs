using Microsoft.OpenApi;

namespace Jifu.Ledger.Server.Api.Docs;

/// <summary>The OpenAPI 3.1 document that describes the API.</summary>
internal static class ApiDescription
{
    public static IServiceCollection AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi("v1", options => options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1);

    public static void MapDocs(this WebApplication app) => app.MapOpenApi();
}
