namespace CacheBackup.Caches.Scan;

/// <summary>What is known of a node before its first key is scanned.</summary>
/// <param name="Greeting">Who it is.</param>
/// <param name="Functions">The reply of FUNCTION DUMP; null where there is none.</param>
/// <param name="FunctionsUnknown">The user may not ask for functions.</param>
/// <param name="Modules">Names of modules; null: none.</param>
/// <param name="Method">For the origin.</param>
internal sealed record ScanContents(
    ScanGreeting Greeting, ReadOnlyMemory<byte>? Functions, bool FunctionsUnknown, IReadOnlyList<string>? Modules, string Method);
