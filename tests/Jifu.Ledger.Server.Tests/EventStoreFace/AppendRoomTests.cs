using Jifu.Ledger.Server.EventStoreFace.Appends;

namespace Jifu.Ledger.Server.Tests.EventStoreFace;

public class AppendRoomTests
{
    private const long MiB = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly AppendRoom _room = new();

    [Fact]
    public async Task Whoever_finds_no_room_waits_in_order_and_a_small_one_does_not_go_before_a_large_one()
    {
        AppendRoom.Share large = new(), beyond = new(), next = new(), small = new();
        await _room.Take(large, AppendRoom.BytesMax, true, default);
        await _room.Take(beyond, AppendRoom.BytesMax, true, default);
        var (first, second) = (_room.Take(next, 10 * MiB, true, default), _room.Take(small, MiB, true, default));
        _room.Exchange(beyond, AppendRoom.BytesMax, 0);
        await first.WaitAsync(Patience);
        second.IsCompleted.ShouldBeFalse();
        _room.Exchange(next, 10 * MiB, 0);
        await second.WaitAsync(Patience);
        _room.Used.ShouldBe(AppendRoom.BytesMax + MiB);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_keeps_nobody_waiting()
    {
        AppendRoom.Share large = new(), gone = new(), next = new();
        await _room.Take(large, 60 * MiB, true, default);
        await _room.Take(gone, 60 * MiB, true, default);
        using var patience = new CancellationTokenSource();
        var given = _room.Take(gone, 60 * MiB, true, patience.Token);
        var taken = _room.Take(next, 2 * MiB, true, default);
        await patience.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(given);
        taken.IsCompleted.ShouldBeFalse();
        _room.Exchange(gone, gone.Held, 0);
        await taken.WaitAsync(Patience);
        _room.Used.ShouldBe(62 * MiB);
    }

    [Fact]
    public async Task Whoever_goes_beyond_begins_nothing_new_before_those_who_wait()
    {
        AppendRoom.Share large = new(), beyond = new(), begun = new();
        await _room.Take(large, AppendRoom.BytesMax, true, default);
        await _room.Take(beyond, 10 * MiB, true, default);
        var waiting = _room.Take(begun, MiB, true, default);
        var next = _room.Take(beyond, MiB, false, default);
        next.IsCompleted.ShouldBeFalse();
        _room.Exchange(beyond, 10 * MiB, 0);
        await waiting.WaitAsync(Patience);
        next.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task However_many_begin_appends_of_every_size_all_get_through_and_the_room_is_kept_to()
    {
        for (var seed = 0; seed < 5; seed++)
        {
            var (random, over) = (new Random(seed), 0L);
            var calls = Enumerable.Range(0, 12)
                .Select(_ => Call(random.Next(), used => over = Math.Max(over, used))).ToList();
            await Task.WhenAll(calls).WaitAsync(Patience);
            _room.Used.ShouldBe(0);
            over.ShouldBeInRange(AppendRoom.BytesMax, 2 * AppendRoom.BytesMax, $"seed {seed}");
        }
    }

    // Ten appends, each in messages that may be large; what is whole is answered a little later.
    private async Task Call(int seed, Action<long> look)
    {
        var (random, share, answers) = (new Random(seed), new AppendRoom.Share(), new List<Task>());
        for (var append = 0; append < 10; append++)
        {
            var whole = 0L;
            for (var left = random.NextInt64(AppendOrder.BytesMax); left > 0;)
            {
                var message = Math.Min(left, random.NextInt64(1, 17 * MiB));
                await _room.Take(share, message, hasBegun: whole > 0, default);
                look(_room.Used);
                await Task.Yield();
                _room.Exchange(share, message, message);
                (left, whole) = (left - message, whole + message);
            }

            answers.Add(Answered(whole));
        }

        await Task.WhenAll(answers);

        async Task Answered(long bytes)
        {
            await Task.Delay(1);
            _room.Exchange(share, bytes, 0);
        }
    }
}
