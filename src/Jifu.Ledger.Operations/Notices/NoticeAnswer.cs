namespace Jifu.Ledger.Operations.Notices;

/// <summary>What came of one attempt to deliver a notice.</summary>
/// <param name="StatusCode">Of the HTTP answer; null when none came.</param>
/// <param name="Excerpt">How the answer's body begins, at most 500 characters; null when none came.</param>
/// <param name="Error">Why there was no answer, or why an answer does not count: a stable code.</param>
/// <param name="RetryAfter">How long the merchant asked us to wait.</param>
/// <param name="Blocked">The address must not be called, now or later.</param>
internal sealed record NoticeAnswer(
    int? StatusCode, string? Excerpt, string? Error, TimeSpan? RetryAfter = null, bool Blocked = false)
{
    public static NoticeAnswer Refused(string code) => new(null, null, code, Blocked: true);

    public static NoticeAnswer None(string error) => new(null, null, error);
}
