namespace CacheBackup.Local.Demo;

/// <summary>One step of the demo, for the table at its end.</summary>
/// <param name="Bytes">What was moved; 0: it moves none.</param>
internal sealed record DemoStep(string What, long Keys, long Bytes, TimeSpan Time);
