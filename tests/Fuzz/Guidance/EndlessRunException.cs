namespace CacheBackup.Fuzz.Guidance;

/// <summary>A run took more steps than its input can ask for.</summary>
public sealed class EndlessRunException() : Exception("The run does not end: it took more steps than its input can ask for");
