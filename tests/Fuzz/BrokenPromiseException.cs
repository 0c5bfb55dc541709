namespace CacheBackup.Fuzz;

/// <summary>What was found: a promise that an input broke.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);
