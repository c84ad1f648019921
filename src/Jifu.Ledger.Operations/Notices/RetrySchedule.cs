namespace Jifu.Ledger.Operations.Notices;

/// <summary>When a notice that was not delivered is tried again: ten tries in all, over about three days.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan[] Waits =
    [
        TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(2),
        TimeSpan.FromHours(5), TimeSpan.FromHours(10), TimeSpan.FromHours(14), TimeSpan.FromHours(20),
        TimeSpan.FromHours(24),
    ];

    /// <summary>What becomes of a notice after an attempt.</summary>
    /// <param name="answer">What came of the attempt.</param>
    /// <param name="tries">All tries so far, this one included.</param>
    /// <param name="jitter">From 0 to 1: how much of the tenth is added that keeps retries from coming all at
    /// once.</param>
    /// <param name="now">By the system's clock.</param>
    public static (NoticeStatus Status, DateTimeOffset? NextTryAt) After(
        NoticeAnswer answer, int tries, double jitter, DateTimeOffset now) => answer switch
    {
        { Blocked: true } => (NoticeStatus.Blocked, null),
        { StatusCode: >= 200 and < 300 } => (NoticeStatus.Delivered, null),
        { StatusCode: 410 } => (NoticeStatus.GivenUp, null),
        _ when tries > Waits.Length => (NoticeStatus.GivenUp, null),
        _ => (NoticeStatus.Waiting, now + Wait(Waits[tries - 1] * (1 + (0.1 * jitter)), answer.RetryAfter)),
    };

    // A merchant may ask for more time, but not for ever.
    private static TimeSpan Wait(TimeSpan scheduled, TimeSpan? asked) =>
        asked > Waits[^1] ? Max(scheduled, Waits[^1]) : Max(scheduled, asked ?? TimeSpan.Zero);

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
