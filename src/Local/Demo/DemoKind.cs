namespace CacheBackup.Local.Demo;

/// <summary>One kind of data.</summary>
/// <param name="Name">In words: it is also how its keys are called.</param>
/// <param name="Share">Of a thousand keys.</param>
/// <param name="Write">Writes the commands that make one key, its expiry apart.</param>
internal sealed record DemoKind(string Name, int Share, Action<CommandPipe, byte[], Random> Write);
