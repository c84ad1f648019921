using Jifu.Ledger.Server.Composition;

await using var app = await LedgerServer.Build(args);
await app.RunAsync();
