using System.Text;
using Jifu.Ledger.Journal;

namespace Jifu.Ledger.Domain.Tests;

/// <summary>Plays commands against one aggregate and tells what came of each: + happened, = nothing new, ! refused.
/// Beneath an event stands its journal entry, at the end what the accounts then hold.</summary>
internal static class Story
{
    public static string Of<TState, TCommand, TEvent, TRejection>(
        TState state, Func<TState, TCommand, Decision<TEvent, TRejection>> decide,
        Func<TState, TEvent, TState> evolve, IEnumerable<TCommand> commands)
        where TEvent : class where TRejection : struct, Enum
    {
        var story = new StringBuilder();
        var books = new Books();
        foreach (var command in commands)
        {
            var decision = decide(state, command);
            state = decision.Events.Aggregate(state, evolve);
            story.Append(Telling.Of(command)).Append('\n');
            if (decision.Rejection is { } rejection)
                story.Append($"  ! {rejection}\n");
            else if (decision.Events is [])
                story.Append("  = nothing new\n");
            foreach (var @event in decision.Events)
                Tell(story, Telling.Of(@event, command), books.Post(@event));
        }

        return books.IsEmpty ? $"{story}" : $"{story}The accounts then\n  {string.Join("\n  ", books.Told)}\n";
    }

    private static void Tell(StringBuilder story, string @event, JournalEntry? entry)
    {
        story.Append($"  + {@event}\n");
        foreach (var line in entry?.Lines ?? [])
            story.Append($"      {line}\n");
    }
}
