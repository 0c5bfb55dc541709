using System.Text.Json;

namespace CacheBackup.Local.StateMachines.Paths;

/// <summary>The item that a Map's iteration stands for: <c>$$.Map.Item</c>.</summary>
internal sealed record MapItem(int Index, JsonElement Value);
