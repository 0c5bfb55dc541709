using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>What a state gave, and the state that follows; null where the scope ends.</summary>
internal readonly record struct StateOutcome(JsonElement Output, string? Next);
