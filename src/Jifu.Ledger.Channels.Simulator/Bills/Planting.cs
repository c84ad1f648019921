namespace Jifu.Ledger.Channels.Simulator.Bills;

/// <summary>What was planted in a day's bill.</summary>
internal sealed record Planting(BusinessDay Day, int Count, long Seed, IReadOnlyList<PlantedDifference> Differences)
{
    private readonly Dictionary<string, PlantedDifference> _byKey = Differences.ToDictionary(one => one.Key);

    public PlantedDifference? ByKey(string key) => _byKey.GetValueOrDefault(key);
}
