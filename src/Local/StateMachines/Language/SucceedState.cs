namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that ends its scope well.</summary>
internal sealed record SucceedState : State;
