using System.Text.Json;
using CacheBackup.Local.StateMachines.Paths;

namespace CacheBackup.Local.StateMachines.Language;

/// <summary>A state that makes its output of its input.</summary>
internal sealed record PassState : State
{
    public JsonElement? Result { get; init; }

    public PayloadTemplate? Parameters { get; init; }

    public ReferencePath? ResultPath { get; init; } = ReferencePath.Root;
}
