namespace Jifu.Ledger.ReadModels.Channels;

/// <summary>One line that a channel's bill should hold. Amounts in minor units; the fee is the channel's charge, and
/// negative where it is given back.</summary>
public sealed record ChannelLineRow
{
    public required string Kind { get; init; }
    public required string Number { get; init; }
    public required string PaymentId { get; init; }
    public required string MerchantId { get; init; }
    public required string ChannelReference { get; init; }
    public string? ChannelRefundReference { get; init; }
    public required string Currency { get; init; }
    public required long AmountMinor { get; init; }
    public required long FeeMinor { get; init; }
    public required DateTimeOffset At { get; init; }
    public required BusinessDay ChannelDay { get; init; }
    public required BusinessDay BusinessDay { get; init; }

    /// <summary>The merchant's numbers at the channel as they are now, divided by blanks; null when nobody told us.
    /// </summary>
    public string? Numbers { get; init; }
}

/// <summary>Looks up what each channel should report.</summary>
public sealed class ChannelLineQueries(ViewDatabase views)
{
    private const string Lines =
        """
        SELECT l.*, n.numbers
        FROM views.channel_line l LEFT JOIN views.merchant_number n USING (channel, merchant_id)
        """;

    /// <summary>The lines of one day by the channel's clock, in the order in which we learnt of them.</summary>
    public Task<IReadOnlyList<ChannelLineRow>> OfDay(
        Channel channel, BusinessDay day, CancellationToken cancellation) => views.List<ChannelLineRow>(
        $"{Lines} WHERE channel = @channel AND channel_day = @day ORDER BY position",
        new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>The lines within a time of the day's two midnights that we hold under another day.</summary>
    public Task<IReadOnlyList<ChannelLineRow>> Around(
        Channel channel, BusinessDay day, TimeSpan margin, CancellationToken cancellation) =>
        views.List<ChannelLineRow>(
            $"""
            {Lines}
            WHERE channel = @channel AND (
                (channel_day = @before AND at >= @start - @margin) OR (channel_day = @after AND at < @end + @margin))
            ORDER BY position
            """,
            new
            {
                channel = channel.Name(), before = day.Previous.Date, after = day.Next.Date, start = day.Start,
                end = day.Next.Start, margin,
            },
            cancellation);

    /// <summary>Whether a channel has any lines of ours up to a day.</summary>
    public Task<bool> AnyUpTo(Channel channel, BusinessDay day, CancellationToken cancellation) =>
        views.Value<bool>(
            "SELECT EXISTS (SELECT FROM views.channel_line WHERE channel = @channel AND channel_day <= @day)",
            new { channel = channel.Name(), day = day.Date }, cancellation);

    /// <summary>Lines by kind and number, whatever their day.</summary>
    public Task<IReadOnlyList<ChannelLineRow>> ByNumbers(
        Channel channel, IReadOnlyList<string> numbers, CancellationToken cancellation) =>
        views.List<ChannelLineRow>(
            $"{Lines} WHERE channel = @channel AND number = ANY (@numbers) ORDER BY position",
            new { channel = channel.Name(), numbers = numbers.ToArray() }, cancellation);

    /// <summary>The days, within bounds, of which some channel's lines have no complete reconciliation with its
    /// money.</summary>
    public Task<IReadOnlyList<BusinessDay>> DaysUnfinished(
        BusinessDay from, BusinessDay to, CancellationToken cancellation) => views.List<BusinessDay>(
        """
        SELECT DISTINCT day.day::date FROM generate_series(@from, @to, interval '1 day') AS day (day)
        CROSS JOIN (SELECT DISTINCT channel FROM views.channel_line WHERE channel_day BETWEEN @from AND @to) c
        WHERE EXISTS (SELECT FROM views.channel_line l WHERE l.channel = c.channel AND l.channel_day = day.day::date)
            AND NOT EXISTS (SELECT FROM views.reconciliation r JOIN views.channel_funds f USING (channel, day)
                WHERE r.channel = c.channel AND r.day = day.day::date AND r.status = 'completed')
        """,
        new { from = from.Date, to = to.Date }, cancellation);
}
