namespace Jifu.Ledger.Operations;

/// <summary>Whether two actors count as one person, so that the one cannot approve what the other has proposed.
/// </summary>
/// <param name="actor">As events name it: <c>key:op_…</c>.</param>
public delegate Task<bool> OnePerson(string actor, string other, CancellationToken cancellation);
