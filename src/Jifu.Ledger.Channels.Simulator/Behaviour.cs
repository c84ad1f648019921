namespace Jifu.Ledger.Channels.Simulator;

/// <summary>How the channel behaves about one payment, refund or payout; chosen by a text in its description.</summary>
internal enum Behaviour
{
    /// <summary>Answers at once what came of it.</summary>
    Plain,

    /// <summary>Does it, but does not answer and sends no notice: only a query tells.</summary>
    Silent,

    /// <summary>Does it, answers only that it was accepted, and tells by a notice a second later.</summary>
    Late,

    /// <summary>Does it, and sends its notice twice.</summary>
    Twice,

    /// <summary>Refuses it for good.</summary>
    Refuse,
}

internal static class Behaviours
{
    private static readonly Behaviour[] Odd = [Behaviour.Silent, Behaviour.Late, Behaviour.Twice, Behaviour.Refuse];

    /// <summary>The first behaviour that one of the texts asks for: <c>sandbox:late</c>.</summary>
    public static Behaviour In(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            foreach (var behaviour in Odd)
            {
                if (text?.Contains($"sandbox:{behaviour.Name()}", StringComparison.Ordinal) == true)
                    return behaviour;
            }
        }

        return Behaviour.Plain;
    }

    public static string Name(this Behaviour behaviour) => SnakeCase.Of($"{behaviour}");
}
