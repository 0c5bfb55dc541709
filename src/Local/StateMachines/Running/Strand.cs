using System.Text.Json;
using CacheBackup.Local.StateMachines.Language;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Running;

/// <summary>One iteration or branch that is to be run: its states, its item, and how to make its input.</summary>
internal sealed record Strand(StateScope Scope, MapItem? Item, Func<JsonElement> Input);
