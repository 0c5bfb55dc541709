namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>A path, template or intrinsic cannot be read or is outside what the runner implements; becomes a refusal at load.</summary>
internal sealed class PathSyntaxException(string message) : Exception(message);
