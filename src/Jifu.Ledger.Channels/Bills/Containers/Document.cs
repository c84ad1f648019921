namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>One document, taken out of whatever it came in.</summary>
/// <param name="Name">What to call it.</param>
internal sealed record Document(string Name, Stream Content);
