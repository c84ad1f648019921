namespace Jifu.Ledger.Channels.Bills.Containers;

/// <summary>One document, taken out of whatever it came in.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Among">What the archive says of it, where it holds others, too; otherwise null.</param>
internal sealed record Document(string Name, Stream Content, Content? Among = null);

/// <summary>How an archive tells one content from another; what is read is compared with it.</summary>
internal sealed record Content(long Length, uint Crc32);
