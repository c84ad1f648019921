using FluentValidation.Results;
using Jifu.Ledger.Server.Api.Problems;

namespace Jifu.Ledger.Server.Api.Json;

/// <summary>What FluentValidation found, in the API's words.</summary>
internal static class FieldErrors
{
    /// <summary><c>Rates[0].Channel</c> is <c>$.rates[0].channel</c>. A rule without a code of ours is
    /// <c>field_invalid</c>.</summary>
    public static FieldError Of(ValidationFailure failure)
    {
        var path = string.Concat(failure.PropertyName.Split('.').Select(part => $".{SnakeCase.Of(part)}"));
        var code = ProblemTable.ByCode.ContainsKey(failure.ErrorCode) ? failure.ErrorCode : "field_invalid";
        return new(path == "." ? "$" : $"${path}", code, failure.ErrorMessage);
    }
}
